import "reflect-metadata";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { judgeStatements } from "../../distribution/judge-statements.js";
import { LiveEvents } from "../../live/events.js";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { MetricIngest } from "./ingest.js";
import { KnownWriters } from "./known-writers.js";
import { PendingSummaries } from "./pending-summaries.js";
import { readSummaries } from "./read-summaries.js";
import { type IncomingFrame, storeFrames } from "./store-frames.js";
import { storeNextFrames } from "./store-next-frames.js";
import { incoming, insertTestRun, insertTestRuns, type TestRun, testFrame } from "./test-run.fixture.js";
import { writeSummaries } from "./write-summaries.js";

let database: TestDatabase;
/** Two of one project. */
let run: TestRun;
let other: TestRun;
let known: KnownWriters;
let pending: PendingSummaries;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const frame = (seq: number, { of = run, writer = "writer", leaseGeneration = 0, value = seq / 100 } = {}) =>
  incoming(of, seq, testFrame([seq], { "val/accuracy": [value] }), { writer, leaseGeneration });
const inOneTrip = (...items: IncomingFrame[]) => storeNextFrames(database.pool, run.distKey, items, known, pending);
const sql = (text: string, ...values: unknown[]) => database.pool.query(text, values);

/** A process whose clock stands still has just stored the first frame. */
beforeEach(async () => {
  [run, other] = (await insertTestRuns(database.pool, 2)) as [TestRun, TestRun];
  known = new KnownWriters();
  pending = new PendingSummaries(() => 0);
  await storeFrames(database.pool, run.distKey, [frame(1)], pending);
  known.learn([frame(1)]);
});

describe("frames that are the next of their writers, stored in one round trip", () => {
  it("leave what storeFrames leaves: frames, watermarks, counters and summaries", async () => {
    const twin = await insertTestRun(database.pool);
    for (const seq of [1, 2, 3, 4]) {
      const { distKey } = twin;
      await storeFrames(database.pool, distKey, [frame(seq, { of: twin })], new PendingSummaries(() => 0));
    }
    const both = await inOneTrip(frame(2), frame(3));
    expect(both!.outcomes).toEqual(
      [2, 3].map((seq) => ({ receipt: { writer: "writer", ackedSeq: seq, points: 1, duplicate: false } })),
    );
    expect(both!.stored).toEqual([2, 3].map((arrival) => ({ runId: run.id, arrival, points: 1 })));
    known.learn([frame(3)]);
    expect(await inOneTrip(frame(4))).not.toBeNull();
    await writeSummaries(database.pool, run.distKey, pending);
    const stored = async ({ id, distKey }: TestRun) => {
      const rows = async (text: string) => (await sql(`SELECT ${text} run_id = $1`, id)).rows;
      return {
        frames: await rows(
          "arrival, writer, seq, lease_generation, points, digest, frame FROM metric_frame WHERE length(frame) > 0 AND",
        ),
        writers: await rows("writer, last_seq FROM run_writer WHERE"),
        stream: await rows("arrivals, points_acknowledged, frames_duplicated, summarised FROM metric_stream WHERE"),
        summaries: (await readSummaries(database.pool, [{ id, distKey, upTo: null }], null)).map((s) => ({
          ...s,
          runId: "",
        })),
      };
    };
    expect(await stored(run)).toEqual(await stored(twin));
  });

  it("are not stored so where a writer is new, a key is new, or a run is logged to now and then", async () => {
    expect(await inOneTrip(frame(1, { writer: "other" }))).toBeNull();
    expect(await inOneTrip(incoming(run, 2, testFrame([2], { "val/loss": [1] })))).toBeNull();
    let time = 0;
    pending = new PendingSummaries(() => time);
    await storeFrames(database.pool, run.distKey, [frame(2)], pending);
    known.learn([frame(2)]);
    time = 1_000;
    expect(await inOneTrip(frame(3))).toBeNull();
  });

  it.each([
    ["its lease was taken over", "UPDATE run SET lease_generation = 1 WHERE id = $1", "FENCED"],
    ["its run is in the trash", "UPDATE run SET trashed_at = now() WHERE id = $1", "NOT_FOUND"],
    ["its run was deleted", "DELETE FROM run WHERE id = $1", "NOT_FOUND"],
  ])("are refused as by storeFrames where %s, and nothing of the batch is left", async (_, change, code) => {
    await sql(change, run.id);
    expect(await inOneTrip(frame(2))).toBeNull();
    const { outcomes } = await storeFrames(database.pool, run.distKey, [frame(2)], pending);
    expect(outcomes).toMatchObject([{ error: { extensions: { code } } }]);
    expect((await sql("SELECT FROM metric_frame WHERE run_id = $1 AND seq = 2", run.id)).rowCount).toBe(0);
  });

  it("take no seq that another process has stored meanwhile: the one is a duplicate, the other a conflict", async () => {
    await storeFrames(database.pool, run.distKey, [frame(2)], new PendingSummaries());
    expect(await inOneTrip(frame(2))).toBeNull();
    expect(known.areNext([frame(2)])).toBe(false);
    const again = await storeFrames(database.pool, run.distKey, [frame(2), frame(2, { value: 9 })], pending);
    expect(again.outcomes).toMatchObject([
      { receipt: { ackedSeq: 2, duplicate: true } },
      { error: { extensions: { code: "CONFLICT" } } },
    ]);
  });

  it("leave no part of a batch whose last frame is not as expected", async () => {
    await storeFrames(database.pool, run.distKey, [frame(1, { of: other })], pending);
    known.learn([frame(1, { of: other })]);
    await sql("UPDATE run SET trashed_at = now() WHERE id = $1", other.id);
    expect(await inOneTrip(frame(2), frame(2, { of: other }))).toBeNull();
    const { rows } = await sql("SELECT arrivals FROM metric_stream WHERE run_id = ANY($1)", [run.id, other.id]);
    expect(rows).toEqual([{ arrivals: 1 }, { arrivals: 1 }]);
  });

  it("are on disk when they are acknowledged, whatever the session's default is", async () => {
    const client = await database.pool.connect();
    try {
      await client.query("BEGIN; SET LOCAL synchronous_commit = off");
      await client.query("SELECT metric_store_next_frames($1, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')", [
        run.distKey,
      ]);
      expect((await client.query("SHOW synchronous_commit")).rows).toEqual([{ synchronous_commit: "on" }]);
    } finally {
      await client.query("ROLLBACK");
      client.release();
    }
  });

  it("are stored once where two processes log to the same runs, each run's arrivals without a hole", async () => {
    const runs = await insertTestRuns(database.pool, 3);
    const processes = [0, 1].map(() => new MetricIngest(database.pool, new LiveEvents(), () => {}));
    const log = async (ingest: MetricIngest, of: TestRun, writer: string) => {
      for (let seq = 1; seq <= 40; seq++) await ingest.log(of.distKey, frame(seq, { of, writer }));
    };
    await Promise.all(processes.flatMap((ingest, p) => runs.map((of) => log(ingest, of, `w${p}`))));
    for (const ingest of processes) await ingest.drained();
    for (const { id } of runs) {
      const { rows } = await sql(
        "SELECT array_agg(arrival ORDER BY arrival) AS all FROM metric_frame WHERE run_id = $1",
        id,
      );
      expect(rows[0].all.map(Number)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
    }
  });
});

describe("the statements of metric_store_next_frames", () => {
  // Judged by GENERIC_PLAN, which a Postgres of version 16 or later has.
  it.skipIf(inject("citusNodes").length > 0)("are such as a sharded Postgres sends to one shard", async () => {
    const { rows } = await sql("SELECT prosrc FROM pg_proc WHERE proname = 'metric_store_next_frames'");
    const body: string = rows[0].prosrc;
    const texts = [...body.matchAll(/(?:PERFORM FROM|UPDATE|INSERT)[^;]+;/g)].map(([text]) =>
      text
        .replace(/^PERFORM/, "SELECT")
        .replace(/ INTO arrival;| *;/, "")
        .replaceAll(/\bshard\b/g, "$1")
        .replaceAll(/\b(runs|writers|digests|frames)\[\w\]/g, "'\\x00'")
        .replaceAll(/\b(generations|frame_counts|point_counts|seqs|points)\[\w\]|\barrival \+ n\b/g, "1"),
    );
    expect(texts).toHaveLength(4);
    // That one kills the coordinator of Citus 13.2.2, however right it is.
    expect(body).not.toMatch(/SET \w+ = \w+\[\w+\]/);
    const client = await database.pool.connect();
    try {
      const statements = texts.map((text) => ({ text, from: "metric_store_next_frames" }));
      expect(await judgeStatements(client, statements)).toEqual([]);
    } finally {
      client.release();
    }
  });
});
