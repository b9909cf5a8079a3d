import "reflect-metadata";
import { float64ColumnFromBase64 } from "@residual/shared";
import { afterAll, beforeAll, expect, it } from "vitest";
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

type Gap = {
  verdict: string;
  measure: string;
  accuracy: { estimate: number };
  explanation: { key: string; values: Record<string, unknown> };
  epochs: number[];
  accuracyGaps: string;
  pairs: { train: string; val: string }[];
  reservation: { key: string; text: string } | null;
  threshold: number;
};
const gapOf = async (run: TestRun) =>
  (
    await api.ask<{ run: { generalizationGap: Gap | null } }>(
      `query($id: ID!) { run(id: $id) { generalizationGap {
        verdict measure accuracy { estimate low } loss { estimate low } onsetEpoch wastedEpochs wastedSeconds
        explanation { key values } epochs accuracyGaps pairs { train val } reservation { key text } threshold } } }`,
      { id: run.id },
    )
  ).run.generalizationGap;

const keras = {
  accuracy: [0.6, 0.7, 0.95],
  val_accuracy: [0.6, 0.65, 0.7],
  loss: [1, 0.8, 0.3],
  val_loss: [1, 0.9, 0.8],
};
const setPairs = `mutation($run: ID!, $accuracy: MetricPairInput, $loss: MetricPairInput) {
  setGapPairs(run: $run, accuracy: $accuracy, loss: $loss) { id } }`;

it("pairs series by the names that other trainers give them, and says that a running train metric is biased", async () => {
  const gap = (await gapOf(await loggedRun(keras)))!;
  expect(gap.accuracy.estimate).toBeCloseTo(0.25, 9);
  expect(gap.pairs).toEqual([
    { train: "accuracy", val: "val_accuracy" },
    { train: "loss", val: "val_loss" },
  ]);
  expect(gap.reservation).toMatchObject({ key: "gap.running", text: expect.stringContaining("accuracy") });
  const evaluated = (await gapOf(await loggedRun(keras, { trainMetrics: "evaluation" })))!;
  expect(evaluated.reservation).toBeNull();
});

it("takes accuracies in percent as such", async () => {
  const percent = { "train/acc": [60, 70, 95], "val/acc": [60, 65, 70] };
  expect((await gapOf(await loggedRun(percent)))!.accuracy.estimate).toBeCloseTo(0.25, 9);
});

const losses = { loss: [1, 0.6, 0.3], val_loss: [0.8, 1, 1.2] };

it("judges a run that logged losses alone, says so, and advises on it", async () => {
  const run = await loggedRun(losses);
  const gap = (await gapOf(run))!;
  expect(gap).toMatchObject({ verdict: "OVERFITTING", measure: "LOSS", accuracy: null, onsetEpoch: 1 });
  expect(gap).toMatchObject({ loss: { estimate: expect.closeTo(0.9, 9), low: null }, wastedEpochs: 2 });
  expect(gap.pairs).toEqual([{ train: "loss", val: "val_loss" }]);
  expect(gap.explanation).toMatchObject({ key: "gap.lossTurned", values: { epoch: 1, rise: 50 } });
  const { advice } = (
    await api.ask<{ run: { advice: unknown[] } }>(
      "query($id: ID!) { run(id: $id) { advice { rule finding { key } } } }",
      {
        id: run.id,
      },
    )
  ).run;
  expect(advice).toEqual([{ rule: "OVERFITTING", finding: { key: "advice.overfitting.lossTurned" } }]);
});

it("reads an error rate as the accuracy that it leaves, in percent too", async () => {
  const gap = (await gapOf(await loggedRun({ "train/err": [50, 30, 5], "val/err": [50, 40, 30] })))!;
  expect(gap).toMatchObject({ measure: "ACCURACY", accuracy: { estimate: expect.closeTo(0.25, 9) } });
});

it("calls the gap of another score by its name, and claims no interval for it", async () => {
  const scores = { f1: [0.6, 0.7, 0.95], val_f1: [0.6, 0.72, 0.7], ...losses };
  const gap = (await gapOf(await loggedRun(scores, { trainExamples: 1_000, valExamples: 200 })))!;
  expect(gap).toMatchObject({ measure: "SCORE", accuracy: { estimate: expect.closeTo(0.25, 9), low: null } });
  expect(gap.explanation).toMatchObject({ key: "gap.overfittingScore", values: { metric: "val_f1", low: null } });
});

it("takes the last train value since the evaluation before, where train is logged at other steps", async () => {
  const run = await insertTestRun(api.database.pool);
  const log = `mutation($run: ID!, $train: MetricFrame!, $val: MetricFrame!) {
    a: logMetrics(input: { run: $run, writer: "w", seq: 1, frame: $train }) { points }
    b: logMetrics(input: { run: $run, writer: "w", seq: 2, frame: $val }) { points } }`;
  const train = { steps: [1, 2, 3, 5, 6, 9], values: { "train/accuracy": [0.1, 0.2, 0.3, 0.5, 0.6, 0.9] } };
  const val = { steps: [3, 7, 8, 9], values: { "val/accuracy": [0.25, 0.5, 0.55, 0.6] } };
  await api.ask(log, { run: run.id, train, val });
  const { epochs, accuracyGaps } = (await gapOf(run))!;
  expect(epochs).toEqual([3, 7, 9]);
  const gaps = Array.from(float64ColumnFromBase64(accuracyGaps), (gap) => Number(gap.toFixed(5)));
  expect(gaps).toEqual([0.05, 0.1, 0.3]);
});

it("follows the pair that someone names, and finds one by itself again when that is taken back", async () => {
  const run = await loggedRun({ ...keras, "clean/accuracy": [0.5, 0.6, 0.75] });
  await api.ask(setPairs, { run: run.id, accuracy: { train: "clean/accuracy", val: "val_accuracy" } });
  expect((await gapOf(run))!.accuracy.estimate).toBeCloseTo(0.05, 9);
  await api.ask(setPairs, { run: run.id });
  expect((await gapOf(run))!.accuracy.estimate).toBeCloseTo(0.25, 9);
});

it("refuses a metric that the run has not logged, and a run that a worker evaluates", async () => {
  const run = await loggedRun(keras);
  const accuracy = { train: "nothing", val: "val_accuracy" };
  expect(await api.refusal(setPairs, { run: run.id, accuracy })).toMatchObject({ code: "BAD_INPUT", field: "pairs" });
  await api.database.pool.query("UPDATE run SET origin = 'TRAINED_HERE' WHERE id = $1", [run.id]);
  expect(await api.refusal(setPairs, { run: run.id })).toMatchObject({ code: "CONFLICT" });
});

it("is judged by the project's own threshold", async () => {
  const run = await loggedRun({ "train/accuracy": [0.8, 0.82, 0.9], "val/accuracy": [0.78, 0.79, 0.82] });
  const { rows } = await api.database.pool.query("SELECT slug FROM project WHERE id = $1", [run.projectId]);
  const set =
    "mutation($project: String!, $threshold: Float!) { setGapThreshold(project: $project, threshold: $threshold) { gapThreshold } }";
  expect((await gapOf(run))!.verdict).toBe("NONE");
  await api.ask(set, { project: rows[0].slug, threshold: 0.05 });
  expect(await gapOf(run)).toMatchObject({ verdict: "MILD", threshold: 0.05 });
  expect(await api.refusal(set, { project: rows[0].slug, threshold: 0 })).toMatchObject({
    code: "BAD_INPUT",
    field: "threshold",
  });
});
