import "reflect-metadata";
import { encodeBase64 } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const classes = [
  { name: "ant", images: 900, train: 600, val: 300, test: 0 },
  { name: "bee", images: 900, train: 600, val: 300, test: 0 },
];

/** Runs on one dataset of two classes with 300 val images each. */
async function runsOnDataset(count: number): Promise<TestRun[]> {
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
    "UPDATE run SET dataset_id = $1, config = $2, status = 'FINISHED', architecture = 'resnet18' WHERE project_id = $3",
    [dataset, JSON.stringify({ epochs: 3, batchSize: 32, imageSize: 32 }), projectId],
  );
  return runs;
}

/** Logs an evaluation at which the run is wrong on the given val images and right on all others. */
async function evaluate(run: TestRun, epoch: number, wrong: number[], hash = "val"): Promise<void> {
  const labels = Array.from({ length: 600 }, (_, i) => (i < 300 ? 0 : 1));
  const predictions = Uint8Array.from(labels, (label, i) => (wrong.includes(i) ? 1 - label : label));
  const val = {
    examples: 600,
    correct: 600 - wrong.length,
    meanLoss: 0.5,
    predictions: encodeBase64(predictions),
    imagesHash: hash,
  };
  const train = { examples: 1_000, correct: 990, meanLoss: 0.1, imagesHash: "probe" };
  await api.ask("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }", {
    input: { run: run.id, epoch, step: epoch * 10, train, val },
  });
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const query = `query($runs: [ID!]!, $baseline: ID, $groupBy: GroupBy! = RUN, $selection: Selection! = BEST) {
  comparison(runs: $runs, baseline: $baseline, groupBy: $groupBy, selection: $selection) {
    baseline selectionMetric pareto sentence { key text }
    rows { key name seeds epoch runs { id } valAccuracy { estimate low high } difference { estimate low high } verdict accuracyGap { estimate low } }
    tests { run baseline method onlyRunRight onlyBaselineRight estimate pValue adjustedPValue examples }
    fairness { kind severity runs } configDiff { field values { run value } }
  } }`;
type Answer = {
  comparison: {
    [field: string]: unknown;
    rows: Record<string, unknown>[];
    tests: Record<string, unknown>[];
    fairness: { kind: string }[];
  };
};
const compare = async (runs: TestRun[], more: Record<string, unknown> = {}) =>
  (await api.ask<Answer>(query, { runs: runs.map(({ id }) => id), ...more })).comparison;

describe("runs side by side", () => {
  it("that began with different weights are told apart, those of old configs counting as random", async () => {
    const runs = (await runsOnDataset(3)) as [TestRun, TestRun, TestRun];
    const found = { source: "timm/resnet18.a1_in1k", sha256: null, layout: null, replaced: [], resized: [] };
    const { pool } = api.database;
    const [old, random, trained] = runs;
    await pool.query(
      `UPDATE run SET origin = 'TRAINED_HERE', config = config || '{"architecture": "resnet18"}' WHERE id = ANY ($1)`,
      [runs.map(({ id }) => id)],
    );
    await pool.query(`UPDATE run SET config = config || '{"initialWeights": "RANDOM"}' WHERE id = $1`, [random.id]);
    await pool.query(
      `UPDATE run SET config = config || '{"initialWeights": "AUTO"}', initial_weights = $2 WHERE id = $1`,
      [trained.id, found],
    );
    const kinds = async (...of: TestRun[]) => (await compare(of)).fairness.map(({ kind }) => kind);
    expect(await kinds(old, random)).not.toContain("DIFFERENT_PRETRAINING");
    expect(await kinds(random, trained)).toContain("DIFFERENT_PRETRAINING");
  });

  it("stand at their best epoch and are tested image by image where the images are the same", async () => {
    const [first, second] = (await runsOnDataset(2)) as [TestRun, TestRun];
    await evaluate(first, 1, range(0, 90));
    await evaluate(first, 2, range(0, 30));
    await evaluate(first, 3, range(0, 60));
    await evaluate(second, 1, range(20, 120));
    const comparison = await compare([first, second]);
    expect(comparison).toMatchObject({ baseline: first.id, selectionMetric: "val/accuracy" });
    expect(comparison.rows[0]).toMatchObject({ epoch: 2, valAccuracy: { estimate: 0.95 }, difference: null });
    // 20 images only the first gets wrong, 90 only the second.
    expect(comparison.tests).toEqual([
      expect.objectContaining({
        run: second.id,
        method: "MCNEMAR_MID_P",
        onlyRunRight: 20,
        onlyBaselineRight: 90,
        examples: 600,
      }),
    ]);
    expect(comparison.rows[1]!.difference).toMatchObject({ estimate: expect.closeTo(-70 / 600, 9) });
    const last = await compare([first, second], { selection: "LAST" });
    expect(last.rows[0]).toMatchObject({ epoch: 3 });
  });

  it("are taken as independent samples where it is not known that the images are the same, and that is said", async () => {
    const [first, second] = (await runsOnDataset(2)) as [TestRun, TestRun];
    await evaluate(first, 1, range(0, 30), "val-a");
    await evaluate(second, 1, range(0, 60), "val-b");
    const comparison = await compare([first, second]);
    expect(comparison.tests[0]).toMatchObject({ method: "INDEPENDENT_PROPORTIONS", onlyRunRight: null });
    expect(comparison.fairness.map(({ kind }) => kind)).toContain("DIFFERENT_SPLIT");
  });

  it("with series only have an estimate and no interval, and are not tested", async () => {
    const [first, second] = (await runsOnDataset(2)) as [TestRun, TestRun];
    await evaluate(first, 1, range(0, 30));
    const values = {
      "train/accuracy": [0.7, 0.9],
      "val/accuracy": [0.6, 0.8],
      "train/loss": [1, 0.5],
      "val/loss": [1, 0.7],
    };
    await api.ask("mutation($input: LogMetricsInput!) { logMetrics(input: $input) { points } }", {
      input: { run: second.id, writer: "script", seq: 1, frame: { steps: [1, 2], values } },
    });
    const comparison = await compare([first, second]);
    expect(comparison.rows[1]).toMatchObject({
      epoch: 2,
      valAccuracy: { estimate: 0.8, low: null, high: null },
      accuracyGap: { estimate: expect.closeTo(0.1, 9), low: null },
      difference: null,
    });
    expect(comparison.tests).toEqual([]);
  });

  it("without a loss have none, and are not the best by one", async () => {
    const [silent, other] = await insertTestRuns(api.database.pool, 2);
    const log = (run: TestRun, values: Record<string, number[]>) =>
      api.ask(
        `mutation($run: ID!, $frame: MetricFrame!) { logMetrics(input: { run: $run, writer: "w", seq: 1, frame: $frame }) { points } }`,
        { run: run.id, frame: { steps: [1, 2, 3], values } },
      );
    await log(silent!, { "train/f1": [0.5, 0.6, 0.7], "val/f1": [0.5, 0.5, 0.5] });
    await log(other!, { loss: [1, 0.9, 0.8], val_loss: [1, 0.9, 0.95] });
    const { comparison } = await api.ask<Answer>(
      "query($runs: [ID!]!) { comparison(runs: $runs) { rows { name epoch valLoss verdict valAccuracy { estimate } lossGap { estimate } } } }",
      { runs: [silent!.id, other!.id] },
    );
    expect(comparison.rows).toMatchObject([
      { valLoss: null, lossGap: null, valAccuracy: null },
      { epoch: 2, valLoss: 0.9, lossGap: { estimate: 0 }, valAccuracy: null },
    ]);
  });

  it("differ in what their configs say, and seeds of one setting are one row", async () => {
    const [first, second, third] = (await runsOnDataset(3)) as [TestRun, TestRun, TestRun];
    const { pool } = api.database;
    await pool.query(`UPDATE run SET "group" = 'g', seed = 1 WHERE id = $1`, [first.id]);
    await pool.query(`UPDATE run SET "group" = 'g', seed = 2 WHERE id = $1`, [second.id]);
    await pool.query(`UPDATE run SET config = config || '{"imageSize": 64}' WHERE id = $1`, [third.id]);
    for (const [i, run] of [first, second, third].entries()) await evaluate(run, 1, range(0, 30 + 10 * i));
    const comparison = await compare([first, second, third], { groupBy: "SEED" });
    expect(comparison.rows.map(({ seeds }) => seeds)).toEqual([2, 1]);
    expect(comparison.rows[0]).toMatchObject({ epoch: null, runs: [{ id: first.id }, { id: second.id }] });
    expect(comparison.configDiff).toEqual([
      {
        field: "imageSize",
        values: [
          { run: first.id, value: 32 },
          { run: second.id, value: 32 },
          { run: third.id, value: 64 },
        ],
      },
    ]);
    expect(comparison.fairness.map(({ kind }) => kind)).toContain("DIFFERENT_RESOLUTION");
  });

  it("stand within the budget that all have spent where that is asked for", async () => {
    const [long, short] = (await runsOnDataset(2)) as [TestRun, TestRun];
    for (const epoch of [1, 2, 3]) await evaluate(long, epoch, range(0, 90 - 20 * epoch));
    await evaluate(short, 1, range(0, 60));
    const budget = (more: Record<string, unknown>) =>
      api.ask<{ comparison: { rows: { epoch: number | null }[] } }>(
        `query($runs: [ID!]!, $unit: BudgetUnit! = IMAGES, $budget: Float) {
          comparison(runs: $runs, selection: BUDGET, budgetUnit: $unit, budget: $budget) { rows { epoch } } }`,
        { runs: [long.id, short.id], ...more },
      );
    expect((await budget({})).comparison.rows).toEqual([{ epoch: 1 }, { epoch: 1 }]);
    expect((await budget({ budget: 2_400 })).comparison.rows).toEqual([{ epoch: 2 }, { epoch: 1 }]);
    expect((await budget({ unit: "STEPS", budget: 5 })).comparison.rows).toEqual([{ epoch: null }, { epoch: null }]);
  });

  it("say what would tell them apart, and speak again once a finding is acknowledged", async () => {
    const [first, second] = (await runsOnDataset(2)) as [TestRun, TestRun];
    await evaluate(first, 1, range(0, 60));
    await evaluate(second, 1, range(5, 67));
    const ask = (more: Record<string, unknown> = {}) =>
      api.ask<{ comparison: { sentence: { key: string }; outlook: { text: string } | null } }>(
        `query($runs: [ID!]!, $margin: Float! = 0.03, $acknowledged: [FairnessKind!]! = []) {
          comparison(runs: $runs, margin: $margin, acknowledged: $acknowledged) { sentence { key } outlook { text } } }`,
        { runs: [first.id, second.id], ...more },
      );
    expect((await ask()).comparison.sentence.key).toMatch(/asGood/);
    const strict = (await ask({ margin: 0.001 })).comparison;
    expect(strict.sentence.key).toMatch(/undecided/);
    expect(strict.outlook!.text).toMatch(/val images instead of 600/);
    await evaluate(second, 2, range(5, 30), "other-images");
    expect((await ask()).comparison.sentence.key).toBe("compare.notComparable");
    expect((await ask({ acknowledged: ["DIFFERENT_SPLIT"] })).comparison.sentence.key).not.toBe(
      "compare.notComparable",
    );
  });

  it("are refused when the baseline is none of them, one is named twice, or one does not exist", async () => {
    const [first, second] = (await runsOnDataset(2)) as [TestRun, TestRun];
    const refused = (variables: Record<string, unknown>) => api.refusal(query, variables);
    expect(await refused({ runs: [first.id], baseline: second.id })).toMatchObject({
      code: "BAD_INPUT",
      field: "baseline",
    });
    expect(await refused({ runs: [first.id, first.id] })).toMatchObject({ code: "BAD_INPUT", field: "runs" });
    expect(await refused({ runs: [first.id, "run_nobody"] })).toMatchObject({ code: "NOT_FOUND" });
    expect(await refused({ runs: [] })).toMatchObject({ code: "BAD_INPUT", field: "runs" });
    const unknown = (count: number) => ({ runs: Array.from({ length: count }, (_, i) => `run_nobody${i}`) });
    expect(await refused(unknown(1_001))).toMatchObject({ code: "BAD_INPUT", limit: [1, 1_000] });
    expect(await refused(unknown(1_000))).toMatchObject({ code: "NOT_FOUND" });
    const margin = "query($runs: [ID!]!) { comparison(runs: $runs, margin: 2) { baseline } }";
    expect(await api.refusal(margin, { runs: [first.id] })).toMatchObject({ code: "BAD_INPUT", field: "margin" });
    const budget = "query($runs: [ID!]!) { comparison(runs: $runs, selection: BUDGET, budget: -1) { baseline } }";
    expect(await api.refusal(budget, { runs: [first.id] })).toMatchObject({ code: "BAD_INPUT", field: "budget" });
  });

  it("of a whole experiment answer its question", async () => {
    const runs = await runsOnDataset(3);
    for (const [i, run] of runs.entries()) await evaluate(run, 1, range(0, 30 + 60 * i));
    const { experiment } = await api.ask<{
      experiment: { comparison: { sentence: { text: string }; rows: unknown[] } };
    }>("query($id: ID!) { experiment(id: $id) { comparison { sentence { text } rows { key } } } }", {
      id: runs[0]!.experimentId,
    });
    expect(experiment.comparison.rows).toHaveLength(3);
    expect(experiment.comparison.sentence.text).toMatch(/best of 3/);
  });
});

it("prices each run by what its workers took at their rates, and names the worker that has none", async () => {
  const { pool } = api.database;
  const [priced, unpriced] = (await runsOnDataset(2)) as [TestRun, TestRun];
  for (const [run, rate] of [
    [priced, { amount: 3, currency: "EUR" }],
    [unpriced, null],
  ] as const) {
    await evaluate(run, 1, [0]);
    const worker = `wrk_${run.id.slice(4)}`;
    await pool.query(
      `INSERT INTO worker (id, name, host, backend, device, gigaflops, memory_bytes, threads, version, executors, hourly_rate)
       VALUES ($1, $1, 'h', 'wasm', 'cpu', 1, 1, 1, '1', '[]', $2)`,
      [worker, rate && JSON.stringify(rate)],
    );
    await pool.query(
      `INSERT INTO job (id, dist_key, project_id, run_id, dataset_id, kind, status, worker_id, lease_generation, priority)
       SELECT $1, dist_key, project_id, id, dataset_id, 'TRAIN_RUN', 'DONE', $2, 1, 0 FROM run WHERE id = $3`,
      [`job_${run.id.slice(4)}`, worker, run.id],
    );
    // The second half of the time it waited for a worker.
    await pool.query(
      `INSERT INTO run_lease (run_id, lease_generation, job_id, worker_id, hourly_rate, began_at, renewed_at)
       VALUES ($1, 1, $2, $3, $4, now() - interval '20 minutes', now() - interval '10 minutes')`,
      [run.id, `job_${run.id.slice(4)}`, worker, rate && JSON.stringify(rate)],
    );
    await pool.query("UPDATE run SET started_at = now() - interval '20 minutes', finished_at = now() WHERE id = $1", [
      run.id,
    ]);
  }
  const { comparison } = await api.ask<{ comparison: { rows: { runs: { id: string }[] }[] } }>(
    "query($runs: [ID!]!) { comparison(runs: $runs) { rows { runs { id } price { amount currency } unpricedWorkers } } }",
    { runs: [priced.id, unpriced.id] },
  );
  const prices = new Map(comparison.rows.map(({ runs, ...price }) => [runs[0]!.id, price]));
  expect(prices.get(priced.id)).toEqual({
    price: { amount: expect.closeTo(0.5, 6), currency: "EUR" },
    unpricedWorkers: [],
  });
  expect(prices.get(unpriced.id)).toEqual({ price: null, unpricedWorkers: [`wrk_${unpriced.id.slice(4)}`] });
});
