import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LiveEvents } from "../../live/events.js";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { CompactionBacklog } from "./compaction-backlog.js";
import { MetricPath } from "./metric-path.js";
import { incoming, insertTestRun, type TestRun, testFrame } from "./test-run.fixture.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** A path that takes this much of a run before it is compacted; it compacts nothing by itself below 128 frames. */
const path = (limit: { frames: number; points: number }, log: string[] = []) =>
  new MetricPath(database.pool, new LiveEvents(), (line) => log.push(line), undefined, new CompactionBacklog(limit));
const frame = (run: TestRun, seq: number, rows = 1) =>
  incoming(
    run,
    seq,
    testFrame(
      Array.from({ length: rows }, (_, i) => seq * 1_000 + i),
      { loss: Array(rows).fill(seq) },
    ),
  );
const framesOf = async ({ id }: TestRun) =>
  (await database.pool.query("SELECT FROM metric_frame WHERE run_id = $1", [id])).rowCount;

describe("a run of which too much waits for its compaction", () => {
  it.each([
    ["uncompactedFrames", { frames: 3, points: 1_000 }, 1],
    ["uncompactedPoints", { frames: 1_000, points: 30 }, 10],
  ])("is not logged to (%s) until it is compacted; other runs are", async (exceeded, limit, rows) => {
    const metrics = path(limit);
    const [run, other] = [await insertTestRun(database.pool), await insertTestRun(database.pool)];
    const log = (seq: number, to = run) => metrics.ingest.log(to.distKey, frame(to, seq, rows));
    for (const seq of [1, 2, 3]) await log(seq);
    await expect(log(4)).rejects.toMatchObject({
      extensions: { code: "RATE_LIMITED", exceeded, retryAfterSeconds: 1 },
    });
    expect(await framesOf(run)).toBe(3);
    await log(1, other);
    await database.pool.query("UPDATE metric_frame SET received_at = now() - interval '2 hours' WHERE run_id = $1", [
      run.id,
    ]);
    await metrics.compactResting();
    await metrics.compacted();
    expect((await log(4)).ackedSeq).toBe(4);
    await metrics.close();
  });

  it("is counted with what other processes stored of it, and no more than is there", async () => {
    const [here, there] = [path({ frames: 150, points: 1e6 }), path({ frames: 150, points: 1e6 })];
    const run = await insertTestRun(database.pool);
    const log = (to: MetricPath, from: number, count: number) =>
      Promise.all(Array.from({ length: count }, (_, i) => to.ingest.log(run.distKey, frame(run, from + i))));
    await log(here, 1, 100);
    // The other one compacts at 128 of its own, and finds those of the first too.
    await log(there, 101, 128);
    await there.compacted();
    expect(await framesOf(run)).toBe(0);
    await log(here, 229, 28);
    await here.compacted();
    expect((await log(here, 257, 140)).at(-1)!.ackedSeq).toBe(396);
    await Promise.all([here.close(), there.close()]);
  });

  it("is logged to all the same where it cannot be compacted", async () => {
    const said: string[] = [];
    const metrics = path({ frames: 3, points: 1_000 }, said);
    const run = await insertTestRun(database.pool);
    for (const seq of [1, 2, 3]) await metrics.ingest.log(run.distKey, frame(run, seq));
    await database.pool.query(
      "UPDATE metric_frame SET frame = '\\x00', received_at = now() - interval '2 hours' WHERE run_id = $1 AND seq = 2",
      [run.id],
    );
    await metrics.compactResting();
    await metrics.compacted();
    expect(said.join()).toMatch(/Compacting the metrics of .* failed/);
    expect((await metrics.ingest.log(run.distKey, frame(run, 4))).ackedSeq).toBe(4);
    await metrics.close();
  });
});

it("no frame is kept raw for more than an hour, however few its run has", async () => {
  const metrics = path({ frames: 100, points: 1_000 });
  const [old, fresh] = [await insertTestRun(database.pool), await insertTestRun(database.pool)];
  for (const run of [old, fresh]) await metrics.ingest.log(run.distKey, frame(run, 1));
  await database.pool.query("UPDATE metric_frame SET received_at = now() - interval '61 minutes' WHERE run_id = $1", [
    old.id,
  ]);
  await metrics.compactResting();
  await metrics.compacted();
  expect([await framesOf(old), await framesOf(fresh)]).toEqual([0, 1]);
  await metrics.close();
});
