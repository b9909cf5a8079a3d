import "reflect-metadata";
import { encodeBase64 } from "@residual/shared";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { queueTestRuns, seed } from "../../test-seed.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

it("reads from the finished runs of the asked project what they measured, and from no other", async () => {
  const { pool } = api.database;
  const [own, other] = [await seed(api.database), await seed(api.database)];
  for (const one of [own, other]) {
    const [finished, failed] = await queueTestRuns(api.database, one, 2);
    await pool.query(
      "UPDATE run SET status = 'FINISHED', measured_memory_bytes = $2, measured_images_per_second = 40 WHERE id = $1",
      [finished, one === own ? 1.5e9 : 9e9],
    );
    await pool.query("UPDATE run SET status = 'FAILED', measured_memory_bytes = 8e9 WHERE id = $1", [failed]);
  }
  const { trainingGuide } = await api.ask<{ trainingGuide: { measured: { message: { text: string } }[] } }>(
    `query($project: String!) { trainingGuide(architecture: resnet18) {
      measured(project: $project) { claim source message { text } } } }`,
    { project: own.project.id },
  );
  expect(trainingGuide.measured).toEqual([
    { claim: "gpu", source: "MEASURED", message: { text: "A run here at 32 px with batch 16 took 1.5 GB." } },
  ]);
});

it("tests what ResNet-101 gains over ResNet-50 on the same images of an experiment", async () => {
  const { pool } = api.database;
  const one = await seed(api.database);
  const [deep, shallow] = await queueTestRuns(api.database, one, 2);
  await pool.query("UPDATE run SET status = 'FINISHED', origin = 'LOGGED', architecture = 'resnet101' WHERE id = $1", [
    deep,
  ]);
  await pool.query("UPDATE run SET status = 'FINISHED', origin = 'LOGGED', architecture = 'resnet50' WHERE id = $1", [
    shallow,
  ]);
  const query = `query($project: String!) { trainingGuide(architecture: resnet101) {
    measured(project: $project) { claim message { text } } } }`;
  const texts = async () => {
    const { trainingGuide } = await api.ask<{
      trainingGuide: { measured: { claim: string; message: { text: string } }[] };
    }>(query, { project: one.project.id });
    return trainingGuide.measured.filter(({ claim }) => claim === "accuracy").map(({ message }) => message.text);
  };
  expect(await texts()).toEqual([]);
  // Of 16 val images of two classes the deeper one is right on 14, the other on 12 of the same.
  for (const [run, wrong] of [
    [deep, [0, 1]],
    [shallow, [0, 1, 2, 3]],
  ] as const) {
    const taken = Uint8Array.from({ length: 16 }, (_, i) => Number(i >= 8 !== wrong.includes(i as never)));
    const val = {
      examples: 16,
      correct: 16 - wrong.length,
      meanLoss: 0.5,
      imagesHash: "v",
      predictions: encodeBase64(taken),
    };
    const train = { examples: 72, correct: 70, meanLoss: 0.1 };
    await api.ask("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }", {
      input: { run, epoch: 1, step: 1, train, val },
    });
  }
  await pool.query("UPDATE run SET origin = 'TRAINED_HERE' WHERE id = ANY($1)", [[deep, shallow]]);
  const [text, ...others] = await texts();
  expect(others).toEqual([]);
  expect(text).toMatch(/^\+1[\d.]+ points over “ResNet-18 .*” on the same 16 val images \(−[\d.]+ to \+[\d.]+\)\.$/);
});
