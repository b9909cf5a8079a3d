import "reflect-metadata";
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
