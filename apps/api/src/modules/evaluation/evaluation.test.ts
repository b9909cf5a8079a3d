import "reflect-metadata";
import { accuracyGap, encodeBase64, float64ColumnFromBase64 } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { insertTestRun, type TestRun } from "../metric/test-run.fixture.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const logEvaluation = `mutation($input: LogEvaluationInput!) {
  logEvaluation(input: $input) { epoch step accuracyGap { estimate low high } lossGap { estimate low high } confusion }
}`;

function evaluation(
  run: TestRun,
  epoch: number,
  [trainRight, valRight]: [number, number],
  more: Record<string, unknown> = {},
) {
  const score = (examples: number, correct: number) => ({
    examples,
    correct,
    meanLoss: 1 - correct / examples,
    lossVariance: 0.25,
  });
  return { run: run.id, epoch, step: epoch * 10, train: score(1_000, trainRight), val: score(200, valRight), ...more };
}

const gapQuery = `query($id: ID!) { run(id: $id) { generalizationGap {
  verdict accuracy { estimate low high } explanation { key text values } epochs accuracyGaps accuracyLow } evaluations { epoch } bestEvaluation { epoch } } }`;
type GapAnswer = {
  run: {
    generalizationGap: {
      verdict: string;
      accuracy: { estimate: number; low: number | null; high: number | null };
      explanation: { text: string };
      epochs: number[];
      accuracyGaps: string;
      accuracyLow: string;
    };
    evaluations: { epoch: number }[];
    bestEvaluation: { epoch: number };
  };
};

describe("an evaluation is stored once, under the lease", () => {
  it("with the gap and its interval, and the same answer when it is sent again", async () => {
    const run = await insertTestRun(api.database.pool);
    const input = evaluation(run, 1, [950, 170]);
    const first = await api.ask<{ logEvaluation: { accuracyGap: unknown } }>(logEvaluation, { input });
    expect(first.logEvaluation.accuracyGap).toEqual(accuracyGap({ train: input.train, val: input.val }));
    expect(await api.ask(logEvaluation, { input })).toEqual(first);
    expect(await api.refusal(logEvaluation, { input: evaluation(run, 1, [951, 170]) })).toMatchObject({
      code: "CONFLICT",
    });
  });

  it("and again by a worker that went back to a checkpoint: the later one stands, and a late repeat of the first changes nothing", async () => {
    const run = await insertTestRun(api.database.pool);
    await api.database.pool.query("UPDATE run SET origin = 'TRAINED_HERE', lease_generation = 1 WHERE id = $1", [
      run.id,
    ]);
    const [first, second] = [900, 950].map((right) => evaluation(run, 1, [right, 170], { leaseGeneration: 1 }));
    for (const input of [first, second, first]) await api.ask(logEvaluation, { input });
    const query = "query($id: ID!) { run(id: $id) { evaluations { train { correct } } } }";
    expect(await api.ask(query, { id: run.id })).toEqual({ run: { evaluations: [{ train: { correct: 950 } }] } });
  });

  it("and not at all by a worker that lost it, or with impossible counts", async () => {
    const run = await insertTestRun(api.database.pool);
    const refused = (input: unknown) => api.refusal(logEvaluation, { input });
    expect(await refused(evaluation(run, 1, [1, 1], { leaseGeneration: 1 }))).toMatchObject({ code: "FENCED" });
    expect(await refused(evaluation(run, 1, [1, 201]))).toMatchObject({ code: "BAD_INPUT", field: "val.correct" });
    const val = { examples: 3, correct: 1, meanLoss: 1, predictions: encodeBase64(new Uint8Array(2)) };
    expect(await refused(evaluation(run, 1, [1, 1], { val }))).toMatchObject({
      field: "val.predictions",
      limit: [3, 6, 12],
    });
    expect((await api.ask<GapAnswer>(gapQuery, { id: run.id })).run.evaluations).toEqual([]);
  });

  it("and those that a takeover superseded no longer count", async () => {
    const run = await insertTestRun(api.database.pool);
    const { pool } = api.database;
    for (const epoch of [1, 2, 3]) await api.ask(logEvaluation, { input: evaluation(run, epoch, [900, 160 + epoch]) });
    await pool.query("UPDATE run SET lease_generation = 1 WHERE id = $1", [run.id]);
    const client = await pool.connect();
    await api.app.supersede(client, run, 1, 20);
    client.release();
    const epochs = async () =>
      (await api.ask<GapAnswer>(gapQuery, { id: run.id })).run.evaluations.map(({ epoch }) => epoch);
    expect(await epochs()).toEqual([1, 2]);
    await api.ask(logEvaluation, { input: evaluation(run, 3, [900, 180], { leaseGeneration: 1 }) });
    expect(await epochs()).toEqual([1, 2, 3]);
    expect((await api.ask<GapAnswer>(gapQuery, { id: run.id })).run.bestEvaluation.epoch).toBe(3);
  });
});

describe("the gap of a run", () => {
  it("follows from its evaluations, row by row", async () => {
    const run = await insertTestRun(api.database.pool);
    for (const epoch of [1, 2, 3])
      await api.ask(logEvaluation, { input: evaluation(run, epoch, [600 + 100 * epoch, 150]) });
    const { generalizationGap: gap } = (await api.ask<GapAnswer>(gapQuery, { id: run.id })).run;
    expect(gap.epochs).toEqual([1, 2, 3]);
    expect([...float64ColumnFromBase64(gap.accuracyGaps)].map((x) => Math.round(x * 1e9) / 1e9)).toEqual([
      -0.05, 0.05, 0.15,
    ]);
    expect(gap).toMatchObject({ verdict: "MILD", accuracy: { estimate: expect.closeTo(0.15, 9) } });
  });

  it("follows from the four series where no evaluation was logged, and then claims no interval", async () => {
    const run = await insertTestRun(api.database.pool);
    const values = {
      "train/accuracy": [0.6, 0.7, 0.9],
      "val/accuracy": [0.58, 0.66, 0.7],
      "train/loss": [1, 0.8, 0.3],
      "val/loss": [1, 0.9, 0.9],
    };
    const frame = { steps: [1, 2, 3], values };
    const log = "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { points } }";
    await api.ask(log, { input: { run: run.id, writer: "script", seq: 1, frame } });
    const { generalizationGap: gap } = (await api.ask<GapAnswer>(gapQuery, { id: run.id })).run;
    expect(gap.accuracy).toEqual({ estimate: expect.closeTo(0.2, 9), low: null, high: null });
    expect([...float64ColumnFromBase64(gap.accuracyLow)].every(Number.isNaN)).toBe(true);
    expect(gap.explanation.text).toMatch(/^A gap of 20 points, but/);
    await api.database.pool.query(
      `UPDATE run SET config = '{"trainExamples": 1000, "valExamples": 200}' WHERE id = $1`,
      [run.id],
    );
    const counted = (await api.ask<GapAnswer>(gapQuery, { id: run.id })).run.generalizationGap.accuracy;
    expect(counted).toEqual(
      accuracyGap({
        train: { examples: 1_000, correct: 900, meanLoss: 0 },
        val: { examples: 200, correct: 140, meanLoss: 0 },
      }),
    );
  });

  it("reaches who subscribed the moment that the verdict changes, and only then", async () => {
    const run = await insertTestRun(api.database.pool);
    const updates = await api.follow(
      "subscription($p: String!) { gapAlerts(project: $p) { run { id } gap { verdict } } }",
      { p: run.projectId },
    );
    const changes = await api.follow("subscription($p: String!) { runUpdates(project: $p) { run { id } change } }", {
      p: run.projectId,
    });
    for (const epoch of [1, 2, 3, 4])
      await api.ask(logEvaluation, { input: evaluation(run, epoch, [600 + 100 * Math.min(epoch, 3), 150]) });
    expect((await updates.next()).value.data.gapAlerts).toEqual({ run: { id: run.id }, gap: { verdict: "MILD" } });
    const pending = updates.next();
    await updates.return!();
    expect((await pending).done).toBe(true);
    expect((await changes.next()).value.data.runUpdates).toEqual({ run: { id: run.id }, change: "EVALUATION" });
    await changes.return!();
  });
});

describe("a confusion matrix", () => {
  it("is made of the predictions and the split's labels, where both are known", async () => {
    const { pool } = api.database;
    const run = await insertTestRun(pool);
    const classes = [
      { name: "ant", images: 9, train: 7, val: 2, test: 0 },
      { name: "bee", images: 9, train: 6, val: 3, test: 0 },
    ];
    await pool.query(
      "INSERT INTO dataset (id, dist_key, project_id, name, path, status, classes, val_fraction, test_fraction, split_seed) VALUES ($1, $2, $3, 'd', '/d', 'READY', $4, 0, 0, 0)",
      [`dst_${run.id.slice(4)}`, run.distKey, run.projectId, JSON.stringify(classes)],
    );
    await pool.query("UPDATE run SET dataset_id = $2 WHERE id = $1", [run.id, `dst_${run.id.slice(4)}`]);
    const val = { examples: 5, correct: 3, meanLoss: 1, predictions: encodeBase64(Uint8Array.of(0, 1, 1, 1, 0)) };
    const answer = await api.ask<{ logEvaluation: { confusion: number[][] } }>(logEvaluation, {
      input: evaluation(run, 1, [1, 1], { val }),
    });
    expect(answer.logEvaluation.confusion).toEqual([
      [1, 1],
      [1, 2],
    ]);
  });
});
