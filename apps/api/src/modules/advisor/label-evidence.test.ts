import "reflect-metadata";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { evaluationInput, insertScannedDataset, shippedDataset, shippedFiles } from "../image/images.fixture.js";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const files = shippedFiles(2);
const labels = files.map((_, i) => i >> 1);

/** A run that is wrong on the first `mistakes` images with this confidence, and on no other. */
async function judged(mistakes: number, confidence: number): Promise<TestRun> {
  const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
  const { imagesHash } = await insertScannedDataset(api.database.pool, [run], { folder: shippedDataset, files });
  const taken = labels.map((label, i) => (i < mistakes ? 9 - label : label));
  const input = evaluationInput(
    run,
    imagesHash,
    labels,
    taken,
    labels.map(() => confidence),
  );
  await api.ask("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }", { input });
  return run;
}

async function doubts(run: TestRun): Promise<string | undefined> {
  const { run: found } = await api.ask<{ run: { advice: { rule: string; finding: { text: string } }[] } }>(
    "query($id: ID!) { run(id: $id) { advice { rule finding { text } } } }",
    { id: run.id },
  );
  return found.advice.find(({ rule }) => rule === "DOUBTFUL_LABELS")?.finding.text;
}

it("doubts labels of which a network is surely of another opinion, and not where it merely guesses", async () => {
  expect(await doubts(await judged(4, 0.97))).toMatch(/^4 of 20 val images .* 95 % confidence or more/);
  expect(await doubts(await judged(4, 0.6))).toBeUndefined();
  expect(await doubts(await judged(2, 0.97))).toBeUndefined();
});

it("doubts labels of an image that lies in the folders of two classes, and not of copies within one", async () => {
  const run = await judged(0, 0.97);
  const { rows } = await api.database.pool.query<{ id: string }>("SELECT dataset_id AS id FROM run WHERE id = $1", [
    run.id,
  ]);
  const set = (paths: string[]) =>
    api.database.pool.query("UPDATE dataset SET duplicates = $1 WHERE id = $2", [
      JSON.stringify([{ contentHash: "d0", paths }]),
      rows[0]!.id,
    ]);
  await set(["coat/1.png", "coat/2.png"]);
  expect(await doubts(run)).toBeUndefined();
  await set(["coat/1.png", "shirt/2.png"]);
  expect(await doubts(run)).toMatch(/^1 images lie in the folders of more than one class/);
});
