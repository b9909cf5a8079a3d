import "reflect-metadata";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../../app.js";
import { readEnv } from "../../env.js";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { queueTestRuns, type Seed, seed } from "../../test-seed.js";
import { Run } from "../run/run.entity.js";
import { beginJob } from "./begin-job.js";
import { claimJob } from "./claim-job.js";
import { commitCheckpoint } from "./commit-checkpoint.js";
import { finishJob } from "./finish-job.js";
import { heartbeat } from "./heartbeat.js";
import { maxAttempts } from "./lease.js";
import { resumeRun } from "./resume-run.js";
import { cancelRun, stopRun } from "./stop-run.js";
import { extendLeases, releaseLeases, sweepLeases } from "./sweep-leases.js";
import { restoreRuns, trashRuns } from "./trash-runs.js";

let database: TestDatabase;
let seeded: Seed;
let runId: string;

beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  seeded = await seed(database, { workers: 2 });
  [runId] = (await queueTestRuns(database, seeded, 1)) as [string];
});
afterAll(() => database.close());

const checkpoint = { epoch: 1, path: "/c/1", sha256: "a".repeat(64), bytes: 10 };

async function claim(worker = 0) {
  const got = await claimJob(database.pool, seeded.workers[worker]!, ["TRAIN_RUN"]);
  if (!got) throw new Error("nothing to claim");
  return { job: got.jobId, leaseGeneration: got.leaseGeneration };
}

async function expire(seconds: number) {
  await database.pool.query("UPDATE job SET lease_until = now() - make_interval(secs => $1) WHERE status = 'LEASED'", [
    seconds,
  ]);
}

const readRun = () => database.db.getRepository(Run).findOneByOrFail({ id: runId });
const jobStatus = async () =>
  (await database.pool.query("SELECT status FROM job WHERE run_id = $1 ORDER BY id DESC", [runId])).rows[0].status;

describe("a worker whose job has passed on", () => {
  test("is FENCED in everything it says, and nothing of it is stored", async () => {
    const late = await claim(0);
    await expire(1);
    const current = await claim(1);
    const { app, close } = await createApp(readEnv({}), database, () => {});
    const said = [
      () =>
        heartbeat(database.pool, { ...late, progress: { epoch: 9, epochs: 9, step: 9, steps: 9, phase: "training" } }),
      () => beginJob(app, { ...late, resumedFromStep: 5, environment: { late: true } }),
      () => commitCheckpoint(database.pool, database.db, { ...late, ...checkpoint, step: 5 }),
      () => finishJob(database.pool, { ...late, status: "DONE", stopped: false }),
    ];
    for (const say of said) await expect(say()).rejects.toMatchObject({ extensions: { code: "FENCED" } });
    await close();
    expect(await readRun()).toMatchObject({ status: "RUNNING", progress: null, environment: null });
    expect((await database.pool.query("SELECT FROM checkpoint")).rowCount).toBe(0);
    expect((await heartbeat(database.pool, current)).heartbeat.request).toBe("CONTINUE");
  });

  test("may go on when nobody took the job: a late heartbeat renews", async () => {
    const lease = await claim();
    await expire(20);
    const { heartbeat: answer } = await heartbeat(database.pool, lease);
    expect(answer.leaseUntil.getTime()).toBeGreaterThan(Date.now());
    expect(await sweepLeases(database.pool)).toEqual([]);
  });
});

test("a run that passes from worker to worker keeps what each of them took, and its rate of then", async () => {
  const rates = (rate: number) =>
    database.pool.query("UPDATE worker SET hourly_rate = $1", [JSON.stringify({ amount: rate, currency: "EUR" })]);
  const ago = (generation: number, minutes: number) =>
    database.pool.query(
      "UPDATE run_lease SET began_at = now() - make_interval(mins => $3), renewed_at = now() - make_interval(mins => $3) WHERE run_id = $1 AND lease_generation = $2",
      [runId, generation, minutes],
    );
  await rates(2);
  const lost = await claim(0);
  await ago(lost.leaseGeneration, 30);
  await heartbeat(database.pool, lost);
  await expire(1);
  await rates(3);
  const second = await claim(1);
  await ago(second.leaseGeneration, 20);
  await expect(heartbeat(database.pool, lost)).rejects.toThrow();
  await finishJob(database.pool, { ...second, status: "FAILED", stopped: false });
  await resumeRun(database.pool, await readRun());
  const third = await claim(0);
  await ago(third.leaseGeneration, 10);
  await finishJob(database.pool, { ...third, status: "DONE", stopped: false });
  const { rows } = await database.pool.query(
    `SELECT worker_id AS worker, (hourly_rate->>'amount')::int AS rate, round(extract(epoch FROM renewed_at - began_at) / 60)::int AS minutes
     FROM run_lease WHERE run_id = $1 ORDER BY lease_generation`,
    [runId],
  );
  const [first, other] = seeded.workers;
  expect(rows).toEqual([
    { worker: first, rate: 2, minutes: 30 },
    { worker: other, rate: 3, minutes: 20 },
    { worker: first, rate: 3, minutes: 10 },
  ]);
});

describe("a job's end", () => {
  test("DONE finishes the run; the same again is the same, anything else is FENCED", async () => {
    const lease = await claim();
    const done = { ...lease, status: "DONE", stopped: false, measuredImagesPerSecond: 12.5 } as const;
    await finishJob(database.pool, done);
    expect((await finishJob(database.pool, done)).job.status).toBe("DONE");
    expect(await readRun()).toMatchObject({ status: "FINISHED", measuredImagesPerSecond: 12.5, error: null });
    await expect(finishJob(database.pool, { ...done, status: "FAILED" })).rejects.toMatchObject({
      extensions: { code: "FENCED" },
    });
  });

  test("keeps what was measured of the trained network, and adds up the energy of every lease", async () => {
    const measured = { inferenceImagesPerSecond: 80, latencyP50Milliseconds: 12.5, latencyP95Milliseconds: 15 };
    const given = { ...(await claim()), ...measured, status: "QUEUED", stopped: false, energyWattHours: 2 } as const;
    await finishJob(database.pool, given);
    await finishJob(database.pool, given);
    expect(await readRun()).toMatchObject({ ...measured, energyWattHours: 2 });
    const next = { ...(await claim()), status: "DONE", stopped: false } as const;
    await expect(finishJob(database.pool, { ...next, latencyP50Milliseconds: -1 })).rejects.toMatchObject({
      extensions: { code: "BAD_INPUT", field: "latencyP50Milliseconds" },
    });
    await finishJob(database.pool, { ...next, latencyP50Milliseconds: 11, energyWattHours: 0.5 });
    expect(await readRun()).toMatchObject({ ...measured, latencyP50Milliseconds: 11, energyWattHours: 2.5 });
  });

  test("FAILED keeps the reason with the run", async () => {
    await finishJob(database.pool, {
      ...(await claim()),
      status: "FAILED",
      stopped: false,
      error: "Step 7: loss is NaN",
    });
    expect(await readRun()).toMatchObject({ status: "FAILED", error: "Step 7: loss is NaN" });
  });

  test("a reason that no text can hold does not keep the run from ending", async () => {
    const error = `exit \0 ${"x".repeat(10_000)}`;
    await finishJob(database.pool, { ...(await claim()), status: "FAILED", stopped: false, error });
    expect((await readRun()).error).toMatch(/^exit {2}x{3994}$/);
  });

  test("given back, it waits again without having used up an attempt; the next claim fences the first", async () => {
    const lease = await claim();
    await finishJob(database.pool, { ...lease, status: "QUEUED", stopped: false });
    expect(await readRun()).toMatchObject({ status: "QUEUED", finishedAt: null });
    const { rows } = await database.pool.query("SELECT attempt, worker_id FROM job");
    expect(rows[0]).toEqual({ attempt: 0, worker_id: null });
    expect((await claim(1)).leaseGeneration).toBe(2);
    await expect(heartbeat(database.pool, lease)).rejects.toMatchObject({ extensions: { code: "FENCED" } });
  });
});

describe("stopping", () => {
  test("a run that waits ends at once and is never claimed", async () => {
    await stopRun(database.pool, await readRun());
    expect(await readRun()).toMatchObject({ status: "STOPPED" });
    await expect(claim()).rejects.toThrow("nothing to claim");
    await expect(stopRun(database.pool, await readRun())).rejects.toMatchObject({ extensions: { code: "CONFLICT" } });
  });

  test("of a run that runs, the worker hears STOP, and CANCEL outranks it", async () => {
    const lease = await claim();
    await stopRun(database.pool, await readRun());
    expect((await heartbeat(database.pool, lease)).heartbeat.request).toBe("STOP");
    await cancelRun(database.pool, await readRun());
    expect((await heartbeat(database.pool, lease)).heartbeat.request).toBe("CANCEL");
    await finishJob(database.pool, { ...lease, status: "DONE", stopped: true });
    expect(await readRun()).toMatchObject({ status: "STOPPED" });
    expect(await jobStatus()).toBe("CANCELLED");
  });

  test("asked to stop and given back by a worker that shuts down, it is not trained by another", async () => {
    const lease = await claim();
    await stopRun(database.pool, await readRun());
    await finishJob(database.pool, { ...lease, status: "QUEUED", stopped: false });
    expect(await readRun()).toMatchObject({ status: "STOPPED" });
    await expect(claim()).rejects.toThrow("nothing to claim");
  });

  test("a stopped run resumes under a higher generation than any before; twice at once is refused", async () => {
    const lease = await claim();
    await commitCheckpoint(database.pool, database.db, { ...lease, ...checkpoint, step: 5 });
    await finishJob(database.pool, { ...lease, status: "DONE", stopped: true });
    const stopped = await readRun();
    await resumeRun(database.pool, stopped);
    await expect(resumeRun(database.pool, stopped)).rejects.toMatchObject({ extensions: { code: "CONFLICT" } });
    expect(await readRun()).toMatchObject({ status: "QUEUED", stopRequested: false, finishedAt: null });
    expect((await claim()).leaseGeneration).toBe(2);
  });

  test("runs in the trash are cancelled, and come back as they were left", async () => {
    const lease = await claim();
    await trashRuns(database.pool, [await readRun()]);
    expect((await heartbeat(database.pool, lease)).heartbeat.request).toBe("CANCEL");
    await restoreRuns(database.pool, [await readRun()]);
    expect((await readRun()).trashedAt).toBeNull();
  });
});

describe("the sweep of lost leases", () => {
  test("queues a run again whose worker is gone for good", async () => {
    await claim();
    await expire(31);
    expect(await sweepLeases(database.pool)).toEqual([runId]);
    expect(await readRun()).toMatchObject({ status: "QUEUED" });
    expect((await claim(1)).leaseGeneration).toBe(2);
  });

  test("ends a run as STOPPED that was asked to stop before its worker was lost", async () => {
    await claim();
    await stopRun(database.pool, await readRun());
    await expire(31);
    await sweepLeases(database.pool);
    expect(await readRun()).toMatchObject({ status: "STOPPED" });
  });

  test("fails a run with the reason once it has taken down every worker that tried", async () => {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      await claim();
      await expire(31);
    }
    await sweepLeases(database.pool);
    const run = await readRun();
    expect(run.status).toBe("FAILED");
    expect(run.error).toMatch(/memory/);
  });

  test("after the API was away, leases hold long enough for their workers to report", async () => {
    await claim();
    await expire(600);
    await extendLeases(database.pool);
    expect(await sweepLeases(database.pool)).toEqual([]);
    await expect(claim(1)).rejects.toThrow("nothing to claim");
  });

  test("a worker that starts anew frees what its former process held", async () => {
    await claim(0);
    await releaseLeases(database.pool, seeded.workers[0]!);
    expect((await claim(1)).leaseGeneration).toBe(2);
  });
});
