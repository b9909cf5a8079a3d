import "reflect-metadata";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createApp } from "../app.js";
import type { App } from "../context.js";
import { readEnv } from "../env.js";
import { compactRun } from "../modules/metric/compact.js";
import { readSummaries } from "../modules/metric/read-summaries.js";
import { supersede } from "../modules/metric/supersede.js";
import { incoming, insertTestRun, type TestRun, testFrame } from "../modules/metric/test-run.fixture.js";
import { openTestDatabase, type TestDatabase } from "../test-database.js";
import { transaction } from "../transaction.js";
import { verifyDatabase } from "./verify-database.js";

let database: TestDatabase;
let app: App;
let close: () => Promise<void>;
let run: TestRun;

beforeAll(async () => {
  database = await openTestDatabase();
  ({ app, close } = await createApp(readEnv({ PORT: "0" }), database, () => {}));
});
afterAll(async () => {
  await close();
  await database.close();
});
afterEach(() => database.pool.query("TRUNCATE run CASCADE"));

async function log(seq: number, first: number, rows: number, leaseGeneration = 0): Promise<void> {
  const steps = Array.from({ length: rows }, (_, i) => first + i);
  const values = { "train/loss": steps.map((step) => Math.sin(step)), "val/accuracy": steps.map((step) => step / 1e6) };
  await app.metrics.ingest.log(run.distKey, incoming(run, seq, testFrame(steps, values), { leaseGeneration }));
}

/** A run with full chunks, rollups, tails and frames, of which a part was done again after a takeover. */
async function logMuch(): Promise<void> {
  run = await insertTestRun(database.pool);
  const rows = 2_000;
  for (let seq = 1; seq <= 15; seq++) await log(seq, (seq - 1) * rows, rows);
  await compactRun(database.pool, run);
  await database.pool.query("UPDATE run SET lease_generation = 1 WHERE id = $1", [run.id]);
  await transaction(database.pool, (client) => supersede(client, run, 1, 25_000));
  await log(16, 25_001, 100, 1);
  await log(17, 25_101, 100, 1);
  await app.metrics.ingest.summariesWritten();
  await app.metrics.compacted();
}

/** Makes all summaries anew, so that those of superseded series are compared too. */
async function settleSummaries(): Promise<void> {
  await readSummaries(database.pool, [{ id: run.id, distKey: run.distKey, upTo: null }], null);
}

it("finds nothing wrong with a run of frames, chunks, rollups and a takeover, and counts every point", async () => {
  await logMuch();
  await settleSummaries();
  const seen: number[] = [];
  const result = await verifyDatabase(database.pool, (_runs, points) => seen.push(points));
  expect(result).toEqual({ runs: 1, points: 2 * (15 * 2_000 + 200), damages: [] });
  expect(seen).toEqual([result.points]);
});

const flipped = (column: string) => `set_byte(${column}, 20, get_byte(${column}, 20) # 255)`;

it.each([
  ["a bit of a frame", `UPDATE metric_frame SET frame = ${flipped("frame")} WHERE seq = 17`, "frame 18", "digest"],
  [
    "a frame",
    "DELETE FROM metric_frame WHERE seq = 16",
    "writer writer",
    "frames 16 to 16 were acknowledged and are gone",
  ],
  ["the last frame", "DELETE FROM metric_frame WHERE seq = 17", "the count of points", "were acknowledged"],
  [
    "a bit of a chunk",
    `UPDATE metric_chunk SET data = ${flipped("data")} WHERE no = 3`,
    "chunk 3 of lease generation 0",
    "checksum",
  ],
  ["a chunk", "DELETE FROM metric_chunk WHERE no = 3", "chunk 3 of lease generation 0", "gone"],
  ["the last chunk", "DELETE FROM metric_chunk WHERE no = (SELECT max(no) FROM metric_chunk)", "chunk", "gone"],
  ["the steps of chunks", "DELETE FROM metric_axis WHERE no = 0", "chunk 0 of lease generation 0", "axis 0"],
  [
    "what a chunk says of itself",
    "UPDATE metric_chunk SET max = max + 1 WHERE no = 3",
    "chunk 3 of lease generation 0",
    "max",
  ],
  ["a bit of a tail", `UPDATE metric_tail SET data = ${flipped("data")}`, "the tail of lease generation 0", "checksum"],
  ["a tail", "DELETE FROM metric_tail", "the tail of lease generation 0", "gone"],
  [
    "a bit of a rollup",
    `UPDATE metric_rollup SET summaries = ${flipped("summaries")}`,
    "rollup 0 of lease generation 0",
    "checksum",
  ],
  ["a rollup", "DELETE FROM metric_rollup", "rollup 0 of lease generation 0", "gone"],
  [
    "what a rollup says",
    "UPDATE metric_rollup SET last_step = last_step - 1",
    "rollup 0 of lease generation 0",
    "lastStep",
  ],
  [
    "a bit of a pyramid",
    `UPDATE metric_pyramid SET fine = ${flipped("fine")}`,
    "the pyramid of lease generation 0",
    "checksum",
  ],
  ["a receipt", "DELETE FROM metric_receipt", "writer writer", "frames 1 to 15 were acknowledged and are gone"],
  ["half a receipt", "UPDATE metric_receipt SET digests = substring(digests FOR 8)", "writer writer", "bytes"],
  ["a watermark", "UPDATE run_writer SET last_seq = 12", "writer writer", "12 were acknowledged"],
  [
    "a counter",
    "UPDATE metric_stream SET points_acknowledged = points_acknowledged + 1",
    "the count of points",
    "acknowledged",
  ],
  [
    "the count of arrivals",
    "UPDATE metric_stream SET arrivals = 10, summarised = 10",
    "the count of arrivals",
    "number 18",
  ],
  ["the lease generation", "UPDATE run SET lease_generation = 0", "the lease generation", "later one"],
  ["a compacted frame that came back", "UPDATE metric_frame SET arrival = 3 WHERE seq = 16", "the frames", "twice"],
  ["a summary", "UPDATE metric_series SET max = max + 1 WHERE key = 'val/accuracy'", "the summary", "maximum"],
])("finds and names the loss or damage of %s", async (_name, sql, what, problem) => {
  await logMuch();
  await settleSummaries();
  expect((await database.pool.query(sql)).rowCount).toBeGreaterThan(0);
  const { damages } = await verifyDatabase(database.pool, () => {});
  const found = damages.filter((damage) => damage.what.includes(what) && damage.problem.includes(problem));
  expect(found, JSON.stringify(damages.slice(0, 5))).not.toEqual([]);
  expect(found[0]).toMatchObject({ run: run.id, remedy: expect.stringMatching(/Restore|stale/) });
});

it("finds rows whose run does not exist", async () => {
  await logMuch();
  const client = await database.pool.connect();
  await client.query("SET session_replication_role = replica");
  await client.query("DELETE FROM run");
  await client.query("RESET session_replication_role");
  client.release();
  const { damages } = await verifyDatabase(database.pool, () => {});
  expect(damages.map(({ what }) => what)).toContainEqual(expect.stringMatching(/rows of metric_tail/));
  expect(damages.every((damage) => damage.run === run.id)).toBe(true);
  for (const table of [
    "run_writer",
    "metric_stream",
    "metric_frame",
    "metric_chunk",
    "metric_axis",
    "metric_tail",
    "metric_rollup",
    "metric_pyramid",
    "metric_receipt",
    "metric_series",
    "run_generation",
    "metric_compaction",
  ])
    await database.pool.query(`DELETE FROM ${table}`);
});
