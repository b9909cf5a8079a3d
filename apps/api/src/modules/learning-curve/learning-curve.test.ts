import "reflect-metadata";
import { completeTrainingConfig } from "@residual/shared";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const config = completeTrainingConfig({ architecture: "resnet18", batchSize: 16, epochs: 4, learningRate: 1e-4 });

/** A finished run on all of 2,000 train images, which took 100 seconds. */
async function wholeRun(): Promise<TestRun> {
  const { pool } = api.database;
  const [run] = (await insertTestRuns(pool, 1)) as [TestRun];
  const dataset = `dst_${run.id.slice(4)}`;
  const classes = ["ant", "bee"].map((name) => ({ name, images: 1_500, train: 1_000, val: 500, test: 0 }));
  await pool.query(
    `INSERT INTO dataset (id, dist_key, project_id, name, path, status, classes, content_hash, val_fraction, test_fraction, split_seed)
     VALUES ($1, $2, $3, 'd', '/d', 'READY', $4, 'abc', 0, 0, 0)`,
    [dataset, run.distKey, run.projectId, JSON.stringify(classes)],
  );
  await pool.query(
    `UPDATE run SET dataset_id = $1, config = $2, architecture = 'resnet18', origin = 'TRAINED_HERE', status = 'FINISHED',
       lease_generation = 1, started_at = now() - interval '100 seconds', finished_at = now() WHERE id = $3`,
    [dataset, JSON.stringify(config), run.id],
  );
  return run;
}

async function finish(id: string, correct: number): Promise<void> {
  await api.database.pool.query("UPDATE run SET status = 'FINISHED', lease_generation = 1 WHERE id = $1", [id]);
  const val = { examples: 1_000, correct, meanLoss: 0.4, imagesHash: "val" };
  const train = { examples: 1_000, correct: 990, meanLoss: 0.1 };
  await api.ask("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }", {
    input: { run: id, leaseGeneration: 1, epoch: 4, step: 100, train, val },
  });
}

const query = `query($id: ID!) { run(id: $id) { learningCurve { points { images accuracy { estimate } } exponent
  forecast { images accuracy { estimate low high } } moreData { key text } biggerNetwork { text } plan { sizes costFactor costSeconds } } } }`;
type Curve = {
  points: { images: number }[];
  exponent: number | null;
  forecast: { images: number; accuracy: { estimate: number; low: number; high: number } }[];
  moreData: { key: string; text: string };
  biggerNetwork: { text: string } | null;
  plan: { sizes: number[]; costFactor: number; costSeconds: number } | null;
};
const read = async (id: string) =>
  (await api.ask<{ run: { learningCurve: Curve | null } }>(query, { id })).run.learningCurve;
const start = "mutation($run: ID!) { startLearningCurve(run: $run) { id name } }";

it("plans the missing sizes with their price, starts them once, and fits what they reach", async () => {
  const run = await wholeRun();
  await finish(run.id, 900);
  expect(await read(run.id)).toMatchObject({
    points: [{ images: 2_000 }],
    exponent: null,
    forecast: [],
    moreData: { key: "curve.tooFew" },
    plan: { sizes: [200, 500, 1_000], costFactor: 0.85, costSeconds: expect.closeTo(85, 0) },
  });
  const { startLearningCurve: started } = await api.ask<{ startLearningCurve: { id: string }[] }>(start, {
    run: run.id,
  });
  expect(await api.refusal(start, { run: run.id })).toMatchObject({ code: "CONFLICT" });
  // Errors that halve with every four times the images: exponent ½.
  for (const [i, correct] of [684, 800, 859].entries()) await finish(started[i]!.id, correct);
  const curve = (await read(run.id))!;
  expect(curve.points.map(({ images }) => images)).toEqual([200, 500, 1_000, 2_000]);
  expect(curve.exponent).toBeCloseTo(0.5, 1);
  expect(curve.plan).toBeNull();
  expect(curve.moreData).toMatchObject({ key: "curve.more", text: expect.stringContaining("4,000") });
  expect(curve.forecast.at(-1)).toMatchObject({
    images: expect.closeTo(4_000, 6),
    accuracy: { estimate: expect.closeTo(0.93, 2) },
  });
});

it("sets the next larger network beside more data where one was trained on the same images", async () => {
  const run = await wholeRun();
  await finish(run.id, 900);
  const larger = `run_${"0".repeat(31)}1`;
  await api.database.pool.query(
    `INSERT INTO run (dist_key, id, project_id, experiment_id, dataset_id, name, status, origin, architecture, config)
     SELECT dist_key, $2, project_id, experiment_id, dataset_id, 'large', 'FINISHED', 'TRAINED_HERE', 'resnet50', config FROM run WHERE id = $1`,
    [run.id, larger],
  );
  await finish(larger, 920);
  expect((await read(run.id))!.biggerNetwork!.text).toMatch(/\+2 points .*: large\./);
});

it("is none for a script's run, and starts nothing for it", async () => {
  const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
  expect(await read(run.id)).toBeNull();
  expect(await api.refusal(start, { run: run.id })).toMatchObject({ code: "BAD_INPUT", field: "run" });
});
