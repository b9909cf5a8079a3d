import "reflect-metadata";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { seed as insertSeed, type Seed } from "../../test-seed.js";

let api: TestApi;
let seed: Seed;
let slug: string;
beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  seed = await insertSeed(api.database);
  const { rows } = await api.database.pool.query("SELECT slug FROM project WHERE id = $1", [seed.project.id]);
  slug = rows[0].slug;
});
afterAll(() => api.close());

async function createRun(name: string): Promise<string> {
  const { createRun: run } = await api.ask<{ createRun: { id: string } }>(
    "mutation($input: CreateRunInput!) { createRun(input: $input) { id } }",
    { input: { experiment: seed.experiment.id, name } },
  );
  return run.id;
}

let writers = 0;
const log = (run: string, steps: number[], values: Record<string, number[]>) =>
  api.ask(
    "mutation($run: ID!, $writer: String!, $frame: MetricFrame!) { logMetrics(input: { run: $run, writer: $writer, seq: 1, frame: $frame }) { points } }",
    { run, writer: `w${++writers}`, frame: { steps, values } },
  );

async function names(filter: string, orderBy = "name"): Promise<string[]> {
  const { runs } = await api.ask<{ runs: { nodes: { name: string }[] } }>(
    "query($p: String!, $filter: String!, $orderBy: String!) { runs(project: $p, filter: $filter, orderBy: $orderBy) { nodes { name } } }",
    { p: slug, filter, orderBy },
  );
  return runs.nodes.map(({ name }) => name);
}

it("finds and sorts runs by what their series say of the gap, by accuracy and by losses", async () => {
  const turned = await createRun("turned");
  await log(turned, [1, 2, 3], { loss: [1, 0.6, 0.3], val_loss: [0.8, 1, 1.2] });
  const keras = await createRun("keras");
  await log(keras, [1, 2, 3], { accuracy: [0.6, 0.7, 0.95], val_accuracy: [0.6, 0.65, 0.7] });
  await log(await createRun("no val"), [1, 2, 3], { accuracy: [0.6, 0.7, 0.95] });
  await api.app.gaps.judgeDue();
  expect(await names("verdict = OVERFITTING")).toEqual(["turned"]);
  expect(await names("verdict = null")).toEqual(["no val"]);
  expect(await names("gap > 20%")).toEqual(["keras"]);
  expect(await names("", "-lossGap,name")).toEqual(["turned", "keras", "no val"]);
});

it("keeps the verdict of a run that logs evaluations, at once", async () => {
  const run = await createRun("evaluated");
  const score = (correct: number, meanLoss: number) => ({ examples: 100, correct, meanLoss });
  for (const epoch of [1, 2, 3])
    await api.ask("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { epoch } }", {
      input: { run, epoch, step: epoch, train: score(99, 0.1), val: score(70, 0.5 + epoch / 10) },
    });
  expect(await names("verdict = OVERCONFIDENT and gap > 28% and lossGap > 0.6")).toEqual(["evaluated"]);
});

it("follows the points: a new evaluation that changes the verdict is told, and points that are none are not judged", async () => {
  const run = await createRun("live");
  const alerts = await api.follow("subscription($p: String!) { gapAlerts(project: $p) { run { name } } }", { p: slug });
  await log(run, [1, 2], { loss: [1, 0.6], val_loss: [0.8, 1] });
  await api.app.gaps.judgeDue();
  expect((await alerts.next()).value.data.gapAlerts).toEqual({ run: { name: "live" } });
  expect(await names("verdict = TOO_EARLY")).toEqual(["live"]);
  await api.database.pool.query("UPDATE run SET gap_verdict = 'NONE' WHERE id = $1", [run]);
  await log(run, [3], { loss: [0.5] });
  await api.app.gaps.judgeDue();
  expect(await names("verdict = NONE")).toEqual(["live"]);
  await log(run, [4], { loss: [0.3], val_loss: [1.2] });
  await api.app.gaps.judgeDue();
  expect((await alerts.next()).value.data.gapAlerts).toEqual({ run: { name: "live" } });
  expect(await names("verdict = OVERFITTING")).toEqual(["live"]);
  await alerts.return!();
});

it("judges the runs of a project anew by another threshold, and those that other rules judged", async () => {
  const run = await createRun("mild");
  await log(run, [1, 2, 3], { accuracy: [0.6, 0.7, 0.78], val_accuracy: [0.6, 0.65, 0.7] });
  await api.app.gaps.judgeDue();
  expect(await names("verdict = NONE or verdict = UNDERFITTING")).toEqual(["mild"]);
  await api.ask("mutation($p: String!) { setGapThreshold(project: $p, threshold: 0.05) { id } }", {
    p: slug,
  });
  await api.app.gaps.judgeStale();
  expect(await names("verdict = MILD")).toEqual(["mild"]);
  await api.database.pool.query("UPDATE run SET gap_rule = 1, gap_verdict = 'NONE' WHERE id = $1", [run]);
  await api.app.gaps.start();
  await api.app.gaps.judgeStale();
  expect(await names("verdict = MILD")).toEqual(["mild"]);
});

it("judges by the series that somebody chose, and by none when they are no longer known", async () => {
  const run = await createRun("chosen");
  await log(run, [1, 2, 3], { fit: [1, 0.6, 0.3], check: [0.8, 1, 1.2] });
  await api.app.gaps.judgeDue();
  expect(await names("verdict = null")).toEqual(["chosen"]);
  const set = "mutation($run: ID!, $loss: MetricPairInput) { setGapPairs(run: $run, loss: $loss) { id } }";
  await api.ask(set, { run, loss: { train: "fit", val: "check" } });
  await api.app.gaps.judgeDue();
  expect(await names("verdict = OVERFITTING")).toEqual(["chosen"]);
  await api.ask(set, { run });
  await api.app.gaps.judgeDue();
  expect(await names("verdict = null")).toEqual(["chosen"]);
});
