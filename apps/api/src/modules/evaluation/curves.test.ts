import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { insertTestRun, type TestRun } from "../metric/test-run.fixture.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

async function loggedRun(values: Record<string, number[]>, config: Record<string, unknown> = {}): Promise<TestRun> {
  const run = await insertTestRun(api.database.pool);
  await api.database.pool.query("UPDATE run SET config = $2 WHERE id = $1", [run.id, JSON.stringify(config)]);
  await api.ask(
    'mutation($run: ID!, $frame: MetricFrame!) { logMetrics(input: { run: $run, writer: "w", seq: 1, frame: $frame }) { points } }',
    { run: run.id, frame: { steps: [1, 2, 3], values } },
  );
  return run;
}

const query = `query($id: ID!) { run(id: $id) {
  curves { accuracy { train val } loss { train val } accuracyInPercent bestValAccuracy }
  seriesScore { epoch step trainAccuracy { estimate low high } valAccuracy { estimate low high } trainLoss valLoss }
  advice { rule finding { text } } } }`;
type Answer = {
  curves: Record<string, unknown>;
  seriesScore: Record<string, unknown> | null;
  advice: { rule: string; finding: { text: string } }[];
};
const look = async (run: TestRun) => (await api.ask<{ run: Answer }>(query, { id: run.id })).run;

const keras = {
  accuracy: [0.6, 0.8, 0.96],
  val_accuracy: [0.6, 0.7, 0.7],
  loss: [1, 0.8, 0.1],
  val_loss: [1, 0.9, 0.8],
};
const bare = (estimate: number) => ({ estimate: expect.closeTo(estimate, 9), low: null, high: null });

describe("a run that was logged from elsewhere", () => {
  it("has its curves and its numbers under the names that Keras gives them", async () => {
    const { curves, seriesScore } = await look(await loggedRun(keras));
    expect(curves).toEqual({
      accuracy: { train: "accuracy", val: "val_accuracy" },
      loss: { train: "loss", val: "val_loss" },
      accuracyInPercent: false,
      bestValAccuracy: 0.7,
    });
    expect(seriesScore).toEqual({
      ...{ epoch: 2, step: 2, trainLoss: 0.8, valLoss: 0.9 },
      ...{ trainAccuracy: bare(0.8), valAccuracy: bare(0.7) },
    });
  });

  it("has intervals where its config says how many images are behind its accuracies", async () => {
    const { seriesScore } = await look(
      await loggedRun(keras, { valExamples: 200, trainExamples: 1000, stepsPerEpoch: 2 }),
    );
    expect(seriesScore).toMatchObject({ epoch: 1, valAccuracy: { estimate: 0.7, low: expect.closeTo(0.633, 3) } });
  });

  it("that logs percent is shown in shares, as its gap is", async () => {
    const percent = { ...keras, accuracy: [60, 80, 96], val_accuracy: [60, 70, 69] };
    const { curves, seriesScore, advice } = await look(await loggedRun(percent));
    expect(curves).toMatchObject({ accuracyInPercent: true, bestValAccuracy: 0.7 });
    expect(seriesScore).toMatchObject({ valAccuracy: bare(0.7), trainAccuracy: bare(0.8) });
    expect(advice[0]!.finding.text).toContain("27 points");
  });

  it("with loss on val alone, as the Trainer of Hugging Face logs it, is known by its smallest", async () => {
    const { curves, seriesScore } = await look(
      await loggedRun({ "train/loss": [2, 1, 0.5], "eval/loss": [2, 1.1, 1.4] }),
    );
    expect(curves).toMatchObject({
      accuracy: { train: null, val: null },
      loss: { train: "train/loss", val: "eval/loss" },
    });
    expect(seriesScore).toMatchObject({ step: 2, valLoss: 1.1, trainLoss: 1, valAccuracy: null });
  });

  it("is advised on its gap, without an interval that nobody could know", async () => {
    const { advice } = await look(await loggedRun(keras));
    expect(advice.map(({ rule }) => rule)).toContain("OVERFITTING");
    const { text } = advice.find(({ rule }) => rule === "OVERFITTING")!.finding;
    expect(text).toContain("26 points");
    expect(text).not.toContain(" to ");
  });

  it("that logged nothing of accuracy or loss claims nothing", async () => {
    const { curves, seriesScore } = await look(await loggedRun({ reward: [1, 2, 3] }));
    expect(seriesScore).toBeNull();
    expect(curves).toMatchObject({ accuracy: { train: null, val: null }, accuracyInPercent: false });
  });
});

it("a run with evaluations needs no numbers from its series", async () => {
  const run = await loggedRun(keras);
  const score = { examples: 100, correct: 60, meanLoss: 1 };
  await api.ask("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }", {
    input: { run: run.id, epoch: 1, step: 1, train: score, val: score },
  });
  expect((await look(run)).seriesScore).toBeNull();
});
