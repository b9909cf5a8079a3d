import "reflect-metadata";
import { wilsonInterval } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { insertTestRun, type TestRun } from "../metric/test-run.fixture.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const scoreFields =
  "examples correct meanLoss accuracy { estimate low high } top5Correct balancedAccuracy macroF1 expectedCalibrationError classRecalls";
const logTestScore = `mutation($input: LogTestScoreInput!) { logTestScore(input: $input) { testScore { ${scoreFields} } } }`;
const details = {
  top5Correct: 195,
  balancedAccuracy: 0.84,
  macroF1: 0.83,
  expectedCalibrationError: 0.04,
  classRecalls: [0.9, null, 0.78],
};
const score = { examples: 200, correct: 170, meanLoss: 0.5, lossVariance: 0.25, ...details };
const shown = { examples: 200, correct: 170, meanLoss: 0.5, accuracy: wilsonInterval(170, 200), ...details };

async function testScore(run: TestRun) {
  const query = `query($id: ID!) { run(id: $id) { testScore { ${scoreFields} } } }`;
  return (await api.ask<{ run: { testScore: unknown } }>(query, { id: run.id })).run.testScore;
}

describe("the test split is scored once", () => {
  it("under the lease; the same again changes nothing, other numbers are refused", async () => {
    const run = await insertTestRun(api.database.pool);
    expect(await testScore(run)).toBeNull();
    const input = { run: run.id, step: 30, score };
    const first = await api.ask(logTestScore, { input });
    expect(first).toEqual({ logTestScore: { testScore: shown } });
    expect(await api.ask(logTestScore, { input })).toEqual(first);
    const refused = (more: object) => api.refusal(logTestScore, { input: { ...input, ...more } });
    expect(await refused({ score: { ...score, correct: 171 } })).toMatchObject({ code: "CONFLICT" });
    expect(await refused({ step: 40 })).toMatchObject({ code: "CONFLICT" });
    expect(await refused({ leaseGeneration: 1 })).toMatchObject({ code: "FENCED" });
    expect(await testScore(run)).toEqual(shown);
  });

  it("and again only by a training that went on: what it had before no longer stands", async () => {
    const run = await insertTestRun(api.database.pool);
    await api.ask(logTestScore, { input: { run: run.id, step: 30, score } });
    const { pool } = api.database;
    await pool.query("UPDATE run SET lease_generation = 1 WHERE id = $1", [run.id]);
    const client = await pool.connect();
    await api.app.supersede(client, run, 1, 30);
    client.release();
    expect(await testScore(run)).toBeNull();
    await api.ask(logTestScore, {
      input: { run: run.id, step: 60, leaseGeneration: 1, score: { ...score, correct: 180 } },
    });
    expect(await testScore(run)).toMatchObject({ correct: 180 });
  });
});

describe("what a score says beyond loss and accuracy", () => {
  const logEvaluation = `mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { train { ${scoreFields} } val { ${scoreFields} } } }`;

  it("is kept of each split, and null where it was not logged", async () => {
    const run = await insertTestRun(api.database.pool);
    const train = { examples: 200, correct: 170, meanLoss: 0.5 };
    const input = { run: run.id, epoch: 1, step: 1, train, val: score };
    const answer = { logEvaluation: { train: { ...shown, ...nothing }, val: shown } };
    expect(await api.ask(logEvaluation, { input })).toEqual(answer);
    expect(await api.ask(logEvaluation, { input })).toEqual(answer);
    const other = { ...input, val: { ...score, macroF1: 0.8 } };
    expect(await api.refusal(logEvaluation, { input: other })).toMatchObject({ code: "CONFLICT" });
  });

  const nothing = {
    top5Correct: null,
    balancedAccuracy: null,
    macroF1: null,
    expectedCalibrationError: null,
    classRecalls: null,
  };

  it.each([
    ["top5Correct", 169, [170, 200]],
    ["top5Correct", 201, [170, 200]],
    ["balancedAccuracy", 1.1, [0, 1]],
    ["macroF1", -0.1, [0, 1]],
    ["expectedCalibrationError", 2, [0, 1]],
    ["classRecalls", [], [1, 65_536]],
  ])("is refused where it cannot be: %s of %j", async (field, value, limit) => {
    const run = await insertTestRun(api.database.pool);
    const input = { run: run.id, step: 1, score: { ...score, [field]: value } };
    expect(await api.refusal(logTestScore, { input })).toMatchObject({
      code: "BAD_INPUT",
      field: `score.${field}`,
      limit,
    });
  });
});
