import "reflect-metadata";
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
  accuracy: { estimate: number };
  pairs: { train: string; val: string }[];
  reservation: { key: string; text: string } | null;
  threshold: number;
};
const gapOf = async (run: TestRun) =>
  (
    await api.ask<{ run: { generalizationGap: Gap | null } }>(
      `query($id: ID!) { run(id: $id) { generalizationGap {
        verdict accuracy { estimate } pairs { train val } reservation { key text } threshold } } }`,
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
