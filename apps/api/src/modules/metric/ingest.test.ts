import "reflect-metadata";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { LiveEvents } from "../../live/events.js";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { MetricIngest } from "./ingest.js";
import { MetricPath } from "./metric-path.js";
import { readSeries } from "./read-series.js";
import type { IncomingFrame } from "./store-frames.js";
import { incoming, insertTestRun, insertTestRuns, type TestRun, testFrame } from "./test-run.fixture.js";

let database: TestDatabase;
let metrics: MetricPath;

beforeAll(async () => {
  database = await openTestDatabase();
  metrics = new MetricPath(database.pool, new LiveEvents(), (line) => {
    throw new Error(line);
  });
});
afterAll(async () => {
  await metrics.close();
  await database.close();
});

const log = (run: TestRun, frame: IncomingFrame) => metrics.ingest.log(run.distKey, frame);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "stored",
    (error: { extensions?: Record<string, unknown> }) => error.extensions,
  );

async function everyPoint(run: TestRun, key = "train/loss") {
  const request = { runs: [{ ...run, upTo: null }], keys: [key], from: null, to: null, maxPoints: null };
  return (await readSeries(database.pool, request))[0];
}

describe("a frame is stored once, however often it is sent", () => {
  it("answers a frame that it has with the same receipt", async () => {
    const run = await insertTestRun(database.pool);
    const frame = incoming(run, 1, testFrame([0, 1], { "train/loss": [2, 1] }));
    expect(await log(run, frame)).toEqual({ writer: "writer", ackedSeq: 1, points: 2, duplicate: false });
    expect(await log(run, frame)).toEqual({ writer: "writer", ackedSeq: 1, points: 2, duplicate: true });
    expect([...(await everyPoint(run))!.values]).toEqual([2, 1]);
  });

  it("refuses other content under a seq that it has, and a seq that leaves a gap", async () => {
    const run = await insertTestRun(database.pool);
    await log(run, incoming(run, 1, testFrame([0], { "train/loss": [2] })));
    expect(await codeOf(log(run, incoming(run, 1, testFrame([0], { "train/loss": [3] }))))).toMatchObject({
      code: "CONFLICT",
    });
    expect(await codeOf(log(run, incoming(run, 3, testFrame([1], { "train/loss": [3] }))))).toMatchObject({
      code: "SEQ_GAP",
      expected: 2,
    });
    expect((await everyPoint(run))!.count).toBe(1);
  });

  it("stores what replayed, reordered, concurrent writers send exactly once", async () => {
    const runs = await insertTestRuns(database.pool, 3);
    const writers = 4;
    const frames = 120;
    const random = seeded(7);
    const send = async (run: TestRun, writer: number) => {
      // Writer w logs steps w, w+4, w+8 …; each request goes out up to three times at once, with its successor ahead of it at times.
      const frame = (seq: number) =>
        incoming(run, seq, testFrame([(seq - 1) * writers + writer], { "train/loss": [seq * 10 + writer] }), {
          writer: `w${writer}`,
        });
      for (let seq = 1; seq <= frames; seq++) {
        const early = seq < frames && random() < 0.3 ? [codeOf(log(run, frame(seq + 1)))] : [];
        const copies = Array.from({ length: 1 + Math.floor(random() * 3) }, () => log(run, frame(seq)));
        const receipts = await Promise.all(copies);
        await Promise.all(early);
        expect(receipts.every((receipt) => receipt.ackedSeq >= seq)).toBe(true);
        if (random() < 0.1) expect((await log(run, frame(1 + Math.floor(random() * seq)))).duplicate).toBe(true);
      }
    };
    await Promise.all(runs.flatMap((run) => Array.from({ length: writers }, (_, writer) => send(run, writer))));
    await metrics.compacted();
    for (const run of runs) {
      const series = (await everyPoint(run))!;
      expect([...series.steps]).toEqual(Array.from({ length: writers * frames }, (_, step) => step));
      expect([...series.values]).toEqual(
        [...series.steps].map((step) => (Math.floor(step / writers) + 1) * 10 + (step % writers)),
      );
      const { rows } = await database.pool.query(
        "SELECT arrivals, points_acknowledged FROM metric_stream WHERE dist_key = $1 AND run_id = $2",
        [run.distKey, run.id],
      );
      expect(rows).toEqual([{ arrivals: writers * frames, points_acknowledged: writers * frames }]);
    }
  });

  it("stores each frame once where two API processes are sent the same ones at once, the run's first included", async () => {
    const run = await insertTestRun(database.pool);
    const other = new MetricIngest(database.pool, new LiveEvents(), () => {});
    for (let seq = 1; seq <= 60; seq++) {
      const frame = incoming(run, seq, testFrame([seq], { "train/loss": [seq] }));
      const receipts = await Promise.all([log(run, frame), other.log(run.distKey, frame)]);
      expect(receipts.map((receipt) => receipt.duplicate).sort()).toEqual([false, true]);
    }
    await other.drained();
    expect((await everyPoint(run))!.count).toBe(60);
    const { rows } = await database.pool.query(
      "SELECT arrivals, frames_duplicated FROM metric_stream WHERE run_id = $1",
      [run.id],
    );
    expect(rows).toEqual([{ arrivals: 60, frames_duplicated: 60 }]);
  });

  it("knows a frame again after compaction has taken it", async () => {
    const run = await insertTestRun(database.pool);
    const frame = (seq: number, value = seq) => incoming(run, seq, testFrame([seq], { "train/loss": [value] }));
    for (let seq = 1; seq <= 300; seq++) await log(run, frame(seq));
    await metrics.compacted();
    const { rows } = await database.pool.query("SELECT count(*) FROM metric_frame WHERE run_id = $1", [run.id]);
    expect(rows[0].count).toBeLessThan(256);
    expect(await log(run, frame(17))).toMatchObject({ duplicate: true, ackedSeq: 300 });
    expect(await codeOf(log(run, frame(17, 99)))).toMatchObject({ code: "CONFLICT" });
    expect((await everyPoint(run))!.count).toBe(300);
  });
});

describe("a run that has come to rest", () => {
  it("is compacted although it has few frames, and reads the same", async () => {
    const run = await insertTestRun(database.pool);
    for (let seq = 1; seq <= 8; seq++)
      await log(run, incoming(run, seq, testFrame([seq], { "train/loss": [seq / 7] })));
    const before = await everyPoint(run);
    await metrics.compactResting(3_600);
    await metrics.compacted();
    const frames = async () =>
      (await database.pool.query("SELECT FROM metric_frame WHERE run_id = $1", [run.id])).rowCount;
    expect(await frames()).toBe(8);
    await metrics.compactResting(0);
    await metrics.compacted();
    expect(await frames()).toBe(0);
    expect(await everyPoint(run)).toEqual(before);
  });

  it("is compacted although it sent everything in one large frame", async () => {
    const run = await insertTestRun(database.pool);
    const steps = Array.from({ length: 5_000 }, (_, step) => step);
    await log(run, incoming(run, 1, testFrame(steps, { "train/loss": steps.map((step) => step / 7) })));
    const before = await everyPoint(run);
    await metrics.compactResting(0);
    await metrics.compacted();
    const { rowCount } = await database.pool.query("SELECT FROM metric_frame WHERE run_id = $1", [run.id]);
    expect(rowCount).toBe(0);
    expect(await everyPoint(run)).toEqual(before);
  });
});

describe("a worker whose lease ended writes nothing", () => {
  it("fences every generation but the run's", async () => {
    const run = await insertTestRun(database.pool);
    await database.pool.query("UPDATE run SET lease_generation = 2 WHERE id = $1", [run.id]);
    const frame = testFrame([0], { "train/loss": [1] });
    for (const leaseGeneration of [0, 1, 3])
      expect(await codeOf(log(run, incoming(run, 1, frame, { leaseGeneration })))).toMatchObject({
        code: "FENCED",
        leaseGeneration: 2,
      });
    expect(await everyPoint(run)).toBeUndefined();
    expect((await log(run, incoming(run, 1, frame, { leaseGeneration: 2 }))).duplicate).toBe(false);
  });

  it("holds back a frame while a claim is being committed, and then fences it", async () => {
    const run = await insertTestRun(database.pool);
    const claim = await database.pool.connect();
    await claim.query("BEGIN");
    await claim.query("UPDATE run SET lease_generation = 1 WHERE dist_key = $1 AND id = $2", [run.distKey, run.id]);
    const late = codeOf(log(run, incoming(run, 1, testFrame([0], { "train/loss": [1] }))));
    await waitingForLock(claim);
    await claim.query("COMMIT");
    claim.release();
    expect(await late).toMatchObject({ code: "FENCED" });
  });
});

describe("values come back bit by bit", () => {
  it("keeps NaN, the infinities, −0, the smallest and the largest, before and after compaction", async () => {
    const run = await insertTestRun(database.pool);
    const values = [Number.NaN, Infinity, -Infinity, -0, 5e-324, 1.7976931348623157e308, 0.1, 1];
    const steps = [0, 1, 2, 3, 4, 5, 2 ** 31, Number.MAX_SAFE_INTEGER];
    await log(run, incoming(run, 1, testFrame(steps, { "train/loss": values })));
    const before = (await everyPoint(run))!;
    for (let seq = 2; seq <= 257; seq++) await log(run, incoming(run, seq, testFrame([seq], { other: [1] })));
    await metrics.compacted();
    const after = (await everyPoint(run))!;
    for (const series of [before, after]) {
      expect([...series.steps]).toEqual(steps);
      expect([...series.values].every((value, i) => Object.is(value, values[i]))).toBe(true);
    }
  });
});

/** Resolves when some session waits for a lock that `holder`'s session holds. On shards others wait for others: Citus knows whose they are. */
async function waitingForLock(holder: pg.PoolClient): Promise<void> {
  const isSharded = inject("citusNodes").length > 0;
  const id = isSharded ? "citus_backend_gpid()" : "pg_backend_pid()";
  const waits = isSharded
    ? "citus_lock_waits WHERE blocking_gpid = $1"
    : "pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))";
  const held = (await holder.query<{ id: number }>(`SELECT ${id} AS id`)).rows[0]!;
  while ((await database.pool.query(`SELECT FROM ${waits}`, [held.id])).rowCount === 0);
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
