import "reflect-metadata";
import { encodeBase64 } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { keyWith } from "../../test-viewer.fixture.js";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const VAL = 600;
const classes = ["ant", "bee"].map((name) => ({ name, images: 3_300, train: 3_000, val: VAL / 2, test: 0 }));
const settings = { batchSize: 16, epochs: 6, learningRate: 1e-4, imageSize: 64, initialWeights: "RANDOM" };

/** Finished runs of ResNet-50 in one experiment, on one dataset. */
async function trainedRuns(count: number): Promise<TestRun[]> {
  const { pool } = api.database;
  const runs = await insertTestRuns(pool, count);
  const { distKey, projectId, id } = runs[0]!;
  const dataset = `dst_${id.slice(4)}`;
  await pool.query(
    `INSERT INTO dataset (id, dist_key, project_id, name, path, status, classes, content_hash, val_fraction, test_fraction, split_seed)
     VALUES ($1, $2, $3, 'd', '/d', 'READY', $4, 'abc', 0, 0, 0)`,
    [dataset, distKey, projectId, JSON.stringify(classes)],
  );
  await pool.query(
    `UPDATE run SET dataset_id = $1, config = $2, status = 'FINISHED', architecture = 'resnet50', origin = 'TRAINED_HERE', lease_generation = 1,
       started_at = now() - interval '60 seconds', finished_at = now() WHERE project_id = $3`,
    [dataset, JSON.stringify({ architecture: "resnet50", ...settings }), projectId],
  );
  return runs;
}

/** Logs an evaluation with so many val images wrong, the first ones of the split. */
async function evaluate(run: { id: string }, epoch: number, trainRight: number, wrong: number, loss: number) {
  const predictions = Uint8Array.from({ length: VAL }, (_, i) => {
    const label = i < VAL / 2 ? 0 : 1;
    return i % 3 === 0 && i / 3 < wrong ? 1 - label : label;
  });
  const val = {
    examples: VAL,
    correct: VAL - wrong,
    meanLoss: loss,
    predictions: encodeBase64(predictions),
    imagesHash: "val",
  };
  const train = { examples: 1_000, correct: trainRight, meanLoss: 0.1 };
  await api.ask("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }", {
    input: { run: run.id, leaseGeneration: 1, epoch, step: epoch * 10, train, val },
  });
}

/** Val loss turns after the second epoch, and val accuracy falls. */
async function overfit(run: TestRun): Promise<void> {
  await evaluate(run, 1, 800, 110, 0.5);
  await evaluate(run, 2, 950, 90, 0.4);
  await evaluate(run, 3, 990, 100, 0.5);
  await evaluate(run, 4, 1_000, 120, 0.7);
}

const adviceQuery = `query($id: ID!) { run(id: $id) { advice { rule severity finding { text }
  actions { id patch costFactor costSeconds appliedAs { id } } } appliedAdvice { rule action outcome difference { estimate } }
  parent { id } children { id } changes { field before after } } }`;
type Action = { id: string; patch: unknown; costFactor: number | null; costSeconds: number | null; appliedAs: unknown };
type Answer = {
  run: {
    advice: { rule: string; severity: string; actions: Action[] }[];
    appliedAdvice: { rule: string; action: string; outcome: string; difference: { estimate: number } } | null;
    parent: { id: string } | null;
    children: { id: string }[];
    changes: { field: string }[];
  };
};
const read = async (id: string) => (await api.ask<Answer>(adviceQuery, { id })).run;
const apply = (run: string, advice: string) =>
  api.ask<{ applyAdvice: { id: string } }>(
    "mutation($run: ID!, $advice: ID!) { applyAdvice(run: $run, advice: $advice) { id } }",
    { run, advice },
  );

describe("advice", () => {
  it("follows from the run's own evaluations, with settings to try and their price", async () => {
    const [run] = (await trainedRuns(1)) as [TestRun];
    await overfit(run);
    const [overfitting] = (await read(run.id)).advice;
    expect(overfitting).toMatchObject({ rule: "OVERFITTING", severity: "WARN" });
    const fewer = overfitting!.actions.find(({ id }) => id === "OVERFITTING.fewerEpochs")!;
    expect(fewer).toMatchObject({ patch: { epochs: 2 }, costFactor: expect.closeTo(1 / 3, 9), appliedAs: null });
    expect(fewer.costSeconds).toBeCloseTo(20, 0);
  });

  it("starts a child run with the same dataset and seed when it is applied, once", async () => {
    const [run] = (await trainedRuns(1)) as [TestRun];
    await overfit(run);
    const { id } = (await apply(run.id, "OVERFITTING.fewerEpochs")).applyAdvice;
    const child = await read(id);
    expect(child.parent).toEqual({ id: run.id });
    expect(child.changes).toEqual([{ field: "epochs", before: 6, after: 2 }]);
    expect(child.appliedAdvice).toMatchObject({ rule: "OVERFITTING", action: "fewerEpochs", outcome: "PENDING" });
    const parent = await read(run.id);
    expect(parent.children).toEqual([{ id }]);
    expect(parent.advice[0]!.actions.find((one) => one.id === "OVERFITTING.fewerEpochs")!.appliedAs).toEqual({ id });
    const again = { run: run.id, advice: "OVERFITTING.fewerEpochs" };
    expect(
      await api.refusal("mutation($run: ID!, $advice: ID!) { applyAdvice(run: $run, advice: $advice) { id } }", again),
    ).toMatchObject({ code: "CONFLICT", run: id });
  });

  it("is judged by the paired test once the run it started has ended, and keeps its score in the project", async () => {
    const [run] = (await trainedRuns(1)) as [TestRun];
    await overfit(run);
    const { id } = (await apply(run.id, "OVERFITTING.augmentation")).applyAdvice;
    await api.database.pool.query("UPDATE run SET lease_generation = 1 WHERE id = $1", [id]);
    await evaluate({ id }, 1, 900, 30, 0.2);
    await api.database.pool.query("UPDATE run SET status = 'FINISHED', finished_at = now() WHERE id = $1", [id]);
    expect((await read(id)).appliedAdvice).toMatchObject({
      outcome: "HELPED",
      difference: { estimate: expect.closeTo(0.1, 2) },
    });
    const { node } = await api.ask<{ node: { adviceScores: unknown[] } }>(
      `query($id: ID!) { node(id: $id) { ... on Project { adviceScores { rule action applied helped hurt pending } } } }`,
      { id: run.projectId },
    );
    expect(node.adviceScores).toEqual([
      { rule: "OVERFITTING", action: "augmentation", applied: 1, helped: 1, hurt: 0, pending: 0 },
    ]);
  });

  it("of a larger network that gains nothing names the smaller run it was measured against", async () => {
    const [large, small] = (await trainedRuns(2)) as [TestRun, TestRun];
    const { pool } = api.database;
    await pool.query("UPDATE run SET architecture = 'resnet18', name = 'small' WHERE id = $1", [small.id]);
    for (const epoch of [1, 2, 3]) {
      await evaluate(large, epoch, 960, 40, 0.3 - epoch / 100);
      await evaluate(small, epoch, 960, 42, 0.3 - epoch / 100);
    }
    const { advice } = await read(large.id);
    expect(advice).toMatchObject([{ rule: "MARGINAL_GAIN", finding: { text: expect.stringContaining("small") } }]);
  });

  it("is refused for what the record does not say, for a script's run, and to who may only read", async () => {
    const [run, logged] = (await trainedRuns(2)) as [TestRun, TestRun];
    await api.database.pool.query("UPDATE run SET origin = 'LOGGED' WHERE id = $1", [logged.id]);
    const mutation = "mutation($run: ID!, $advice: ID!) { applyAdvice(run: $run, advice: $advice) { id } }";
    const advice = "OVERFITTING.fewerEpochs";
    expect(await api.refusal(mutation, { run: run.id, advice })).toMatchObject({ code: "CONFLICT", field: "advice" });
    expect(await api.refusal(mutation, { run: logged.id, advice })).toMatchObject({ code: "BAD_INPUT", field: "run" });
    expect(await api.refusal(mutation, { run: run.id, advice }, { as: keyWith("READ") })).toMatchObject({
      code: "FORBIDDEN",
    });
  });

  it("says nothing of a run without evaluations", async () => {
    const [run] = (await trainedRuns(1)) as [TestRun];
    expect((await read(run.id)).advice).toEqual([]);
  });
});
