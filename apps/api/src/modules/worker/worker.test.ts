import "reflect-metadata";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { queueTestRuns, seed } from "../../test-seed.js";
import { claimJob } from "../job/claim-job.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const machine = {
  ...{ name: "w", host: "h", backend: "wasm", device: "cpu", gigaflops: 1, memoryBytes: 1, threads: 1 },
  ...{ version: "1", executors: [] },
};
const register = (more: object = {}) => ({
  mutation: "mutation ($i: RegisterWorkerInput!) { registerWorker(input: $i) { id doctor } }",
  variables: { i: { ...machine, ...more } },
});
const say = async (more?: object) => {
  const { mutation, variables } = register(more);
  return (await api.ask<{ registerWorker: { id: string; doctor: unknown } }>(mutation, variables)).registerWorker;
};

test("a worker's examination is kept from its start, and one of an earlier start no longer counts", async () => {
  const doctor = { checks: [{ name: "disk", passed: true }] };
  const first = await say({ doctor });
  expect(first.doctor).toEqual(doctor);
  expect(await say()).toEqual({ id: first.id, doctor: null });
});

test("an examination may come with a heartbeat, and stays when the next one brings none", async () => {
  const seeded = await seed(api.database);
  await queueTestRuns(api.database, seeded, 1);
  const { id } = await say();
  const claimed = (await claimJob(api.database.pool, id, ["TRAIN_RUN"]))!;
  const lease = { job: claimed.jobId, leaseGeneration: claimed.leaseGeneration };
  const beat = "mutation ($i: HeartbeatInput!) { heartbeat(input: $i) { request } }";
  await api.ask(beat, { i: { ...lease, doctor: { checks: [] } } });
  await api.ask(beat, { i: lease });
  const { node } = await api.ask<{ node: unknown }>(
    "query ($id: ID!) { node(id: $id) { ... on Worker { doctor online } } }",
    { id },
  );
  expect(node).toEqual({ doctor: { checks: [] }, online: true });
});

test("an examination larger than a page can show is refused", async () => {
  const { mutation, variables } = register({ doctor: { log: "x".repeat(100_000) } });
  expect(await api.refusal(mutation, variables)).toMatchObject({ code: "BAD_INPUT", field: "doctor" });
});

test("an hour's price is kept from the last start, and one that is no price is refused", async () => {
  const hourlyRate = { amount: 1.2, currency: "EUR" };
  const { id } = await say({ hourlyRate });
  const ask = "{ workers { id hourlyRate { amount currency } } }";
  const rateOf = async () => {
    const { workers } = await api.ask<{ workers: { id: string; hourlyRate: unknown }[] }>(ask, {});
    return workers.find((worker) => worker.id === id)!.hourlyRate;
  };
  expect(await rateOf()).toEqual(hourlyRate);
  await say();
  expect(await rateOf()).toBeNull();
  for (const [wrong, field] of [
    [{ amount: -1, currency: "EUR" }, "hourlyRate.amount"],
    [{ amount: 1, currency: "€" }, "hourlyRate.currency"],
  ] as const) {
    const { mutation, variables } = register({ hourlyRate: wrong });
    expect(await api.refusal(mutation, variables)).toMatchObject({ code: "BAD_INPUT", field });
  }
});
