import "reflect-metadata";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { queueTestRuns, type Seed, seed } from "../../test-seed.js";
import { type Claim, claimJob } from "./claim-job.js";
import { maxAttempts } from "./lease.js";

const kinds = ["TRAIN_RUN", "SCAN_DATASET"] as const;
let database: TestDatabase;
let seeded: Seed;

beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  seeded = await seed(database, { workers: 50 });
});
afterAll(() => database.close());

const claim = (worker = seeded.workers[0]!) => claimJob(database.pool, worker, kinds);
const expireLeases = () => database.pool.query("UPDATE job SET lease_until = now() - interval '1 second'");

test("50 workers that claim at once get 200 jobs, each exactly once", async () => {
  await queueTestRuns(database, seeded, 200);
  const claims: Claim[] = [];
  await Promise.all(
    seeded.workers.map(async (worker) => {
      for (let got = await claim(worker); got; got = await claim(worker)) claims.push(got);
    }),
  );
  expect(new Set(claims.map(({ jobId }) => jobId)).size).toBe(200);
  expect(claims).toHaveLength(200);
  expect(claims.every(({ leaseGeneration }) => leaseGeneration === 1)).toBe(true);
});

describe("which job comes next", () => {
  test("the oldest of the highest priority", async () => {
    const [first, second, urgent] = await queueTestRuns(database, seeded, 3);
    await database.pool.query("UPDATE job SET priority = 1 WHERE run_id = $1", [urgent]);
    const order = [await claim(), await claim(), await claim()].map((got) => got?.run?.id);
    expect(order).toEqual([urgent, first, second]);
  });

  test("of equal priority one of the project with fewest under way, so that a long sweep lets others through", async () => {
    const other = await seed(database, { workers: 0 });
    const sweep = await queueTestRuns(database, seeded, 4);
    const [late] = await queueTestRuns(database, other, 1);
    const order = [];
    for (const worker of seeded.workers.slice(0, 3)) order.push((await claim(worker))?.run?.id);
    expect(order).toEqual([sweep[0], late, sweep[1]]);
  });

  test("none of a dataset whose scan is not done", async () => {
    await queueTestRuns(database, seeded, 1);
    await database.pool.query("UPDATE dataset SET status = 'SCANNING'");
    expect(await claim()).toBeNull();
    await database.pool.query("UPDATE dataset SET status = 'READY'");
    expect(await claim()).not.toBeNull();
  });

  test("none of a kind that the worker does not do", async () => {
    await queueTestRuns(database, seeded, 1);
    expect(await claimJob(database.pool, seeded.workers[0]!, ["SCAN_DATASET"])).toBeNull();
  });
});

describe("a lease that ran out", () => {
  test("passes to the next worker with a higher generation, on the job and on the run; one that runs does not", async () => {
    const [runId] = await queueTestRuns(database, seeded, 1);
    const first = await claim(seeded.workers[0]);
    expect(await claim(seeded.workers[1])).toBeNull();
    await expireLeases();
    const second = await claim(seeded.workers[1]);
    expect(second).toMatchObject({ jobId: first?.jobId, leaseGeneration: 2, run: { id: runId } });
    const { rows } = await database.pool.query("SELECT status, lease_generation FROM run WHERE id = $1", [runId]);
    expect(rows[0]).toEqual({ status: "RUNNING", lease_generation: 2 });
  });

  test("passes on only so often: a run that takes down every worker must not take down the next", async () => {
    await queueTestRuns(database, seeded, 1);
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      expect(await claim()).not.toBeNull();
      await expireLeases();
    }
    expect(await claim()).toBeNull();
  });
});
