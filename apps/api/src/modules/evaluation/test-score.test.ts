import "reflect-metadata";
import { encodeBase64, packPredictions, wilsonInterval } from "@residual/shared";
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

describe("packed predictions", () => {
  const fields = "packedPredictions calibration { low high examples meanConfidence accuracy }";
  const logEvaluation = `mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { train { ${fields} } val { ${fields} } } }`;
  const logTest = `mutation($input: LogTestScoreInput!) { logTestScore(input: $input) { testScore { ${fields} } } }`;
  const columns = {
    predictions: Uint16Array.of(1, 700, 0, 2),
    confidences: Float32Array.of(0.9, 0.91, 0.3, 0.05),
    correct: Uint8Array.of(1, 0, 1, 0),
  };
  const packed = encodeBase64(packPredictions(columns));
  const four = { examples: 4, correct: 2, meanLoss: 0.5 };

  it("of val and of test are kept as they were sent, and show how sure the network was beside how often it was right", async () => {
    const run = await insertTestRun(api.database.pool);
    const input = { run: run.id, epoch: 1, step: 1, train: four, val: { ...four, predictions: packed } };
    const { logEvaluation: said } = await api.ask<{ logEvaluation: { train: Packed; val: Packed } }>(logEvaluation, {
      input,
    });
    expect(said.train).toEqual({ packedPredictions: null, calibration: null });
    const test = { run: run.id, step: 1, score: { ...four, predictions: packed } };
    const { logTestScore: told } = await api.ask<{ logTestScore: { testScore: Packed } }>(logTest, { input: test });
    for (const { packedPredictions, calibration } of [said.val, told.testScore]) {
      expect(packedPredictions).toBe(packed);
      expect(calibration!.map(({ examples }) => examples)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]);
      expect(calibration![13]!.meanConfidence).toBeCloseTo(0.905, 4);
      expect(calibration![13]!.accuracy).toBe(0.5);
    }
  });

  it("are refused where they contradict the score, and absent where only classes were logged", async () => {
    const run = await insertTestRun(api.database.pool);
    const input = { run: run.id, epoch: 1, step: 1, train: four };
    const wrong = { ...input, val: { ...four, correct: 3, predictions: packed } };
    expect(await api.refusal(logEvaluation, { input: wrong })).toMatchObject({
      code: "BAD_INPUT",
      field: "val.predictions",
    });
    const plain = { ...input, val: { ...four, predictions: encodeBase64(Uint8Array.of(1, 2, 0, 2)) } };
    const { logEvaluation: said } = await api.ask<{ logEvaluation: { val: Packed } }>(logEvaluation, { input: plain });
    expect(said.val).toEqual({ packedPredictions: null, calibration: null });
  });
});

interface Packed {
  readonly packedPredictions: string | null;
  readonly calibration: { examples: number; meanConfidence: number | null; accuracy: number | null }[] | null;
}
