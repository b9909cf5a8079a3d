import "reflect-metadata";
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LiveEvents } from "../../live/events.js";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { convertOldChunks } from "./convert-old-chunks.js";
import { killedAt } from "./killed-at.fixture.js";
import { MetricPath } from "./metric-path.js";
import { readSeries } from "./read-series.js";
import { incoming, insertTestRun, type TestRun, testFrame, testTime } from "./test-run.fixture.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

type Column = { coding: number; bytes: Buffer };

const shuffled = (column: Float64Array | Float32Array | Int32Array): Buffer => {
  const bytes = new Uint8Array(column.buffer);
  const width = column.BYTES_PER_ELEMENT;
  return Buffer.from(Array.from(bytes, (_, i) => bytes[(i % column.length) * width + Math.floor(i / column.length)]!));
};
const doubles = (...values: number[]) => Buffer.from(Float64Array.from(values).buffer);
const regular = (values: number[]): Column => ({ coding: 0, bytes: doubles(values[0]!, values[1]! - values[0]!) });
const differences = (values: number[]): Column => {
  const steps = Int32Array.from(values.slice(1), (value, i) => value - values[i]!);
  return { coding: 1, bytes: Buffer.concat([doubles(values[0]!), shuffled(steps)]) };
};
const plain = (values: number[]): Column => ({ coding: 2, bytes: shuffled(Float64Array.from(values)) });

/** A chunk as versions before 1764000000800 wrote it. */
function oldChunk(steps: Column, times: Column, arrivals: Column, values: Float64Array | Float32Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(values.length);
  head.set([steps.coding, times.coding, arrivals.coding, values instanceof Float32Array ? 1 : 0], 4);
  const body = [steps.bytes, times.bytes, arrivals.bytes, shuffled(values)];
  return Buffer.concat([head, deflateRawSync(Buffer.concat(body))]);
}

async function storeOld(
  run: TestRun,
  key: string,
  generation: number,
  firstArrival: number,
  part: number,
  data: Buffer,
) {
  await database.pool.query(
    `INSERT INTO metric_chunk_old (dist_key, run_id, key, first_arrival, part, last_arrival, lease_generation, points, first_step, last_step,
                                   last_time, last, data)
     VALUES ($1, $2, $3, $4, $5, $4, $6, 0, 0, 0, 0, 0, $7)`,
    [run.distKey, run.id, key, firstArrival, part, generation, data],
  );
}

const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
const POINTS = 1_000;

/** Two series of one run at the same 1,000 steps in two old chunks each, in every coding there was, and one of another lease generation. */
async function oldRun(): Promise<TestRun> {
  const run = await insertTestRun(database.pool);
  const chunkOf = (from: number, columnOf: (values: number[]) => Column, values: Float64Array | Float32Array) => {
    const steps = range(from, POINTS / 2);
    return oldChunk(
      columnOf(steps),
      columnOf(steps.map(testTime)),
      plain(steps.map(() => (from < POINTS ? 1 : 2))),
      values,
    );
  };
  for (const [part, columnOf] of [regular, differences].entries()) {
    const steps = range((part * POINTS) / 2, POINTS / 2);
    await storeOld(run, "narrow", 0, 1, part, chunkOf(steps[0]!, columnOf, Float32Array.from(steps, Math.sqrt)));
    await storeOld(run, "wide", 0, 1, part, chunkOf(steps[0]!, columnOf, Float64Array.from(steps, Math.sqrt)));
  }
  const later = range(POINTS, POINTS / 2);
  await storeOld(run, "wide", 1, 2, 0, chunkOf(later[0]!, plain, Float64Array.from(later, Math.sqrt)));
  return run;
}

async function expectEveryPoint(run: TestRun): Promise<void> {
  const request = { runs: [{ ...run, upTo: null }], keys: null, from: null, to: null, maxPoints: null, keepAll: true };
  const series = await readSeries(database.pool, request);
  expect(series.map(({ key, count }) => [key, count]).sort()).toEqual([
    ["narrow", POINTS],
    ["wide", 1.5 * POINTS],
  ]);
  for (const { key, steps, times, values } of series) {
    const exact = key === "wide" ? Math.sqrt : (step: number) => Math.fround(Math.sqrt(step));
    expect(steps.findIndex((step, i) => step !== i || times[i] !== testTime(i) || values[i] !== exact(i))).toBe(-1);
  }
}

const left = async ({ id }: TestRun) =>
  (await database.pool.query("SELECT FROM metric_chunk_old WHERE run_id = $1", [id])).rowCount;

describe("chunks of earlier versions", () => {
  it("are turned into today's, point by point, whatever their coding; what is logged later goes on from them", async () => {
    const run = await oldRun();
    const said: string[] = [];
    await convertOldChunks(database.pool, (line) => said.push(line));
    await expectEveryPoint(run);
    expect(await left(run)).toBe(0);
    expect(said).toEqual(["Converting the stored metrics of 1 runs to the form of this version."]);
    const metrics = new MetricPath(database.pool, new LiveEvents(), () => {});
    const more = range(1.5 * POINTS, 600);
    await metrics.ingest.log(run.distKey, incoming(run, 1, testFrame(more, { wide: more.map(Math.sqrt) })));
    await metrics.compactResting(0);
    await metrics.compacted();
    await metrics.close();
    const [wide] = await readSeries(database.pool, {
      runs: [{ ...run, upTo: null }],
      keys: ["wide"],
      from: null,
      to: null,
      maxPoints: null,
    });
    expect(wide!.count).toBe(1.5 * POINTS + more.length);
  });

  it("are there once, in the one form or the other, when the conversion is killed at any of its statements", async () => {
    const run = await oldRun();
    let kills = 0;
    for (let fatal = 0; fatal < 40; fatal++) {
      const killed = killedAt(database, fatal);
      // What lists the runs is read beside the transactions.
      const pool = Object.assign(killed.pool, { query: database.pool.query.bind(database.pool) });
      const failed = await convertOldChunks(pool, () => {}).then(
        () => false,
        () => true,
      );
      if (!failed) break;
      kills++;
      expect(await left(run)).toBe(5);
    }
    // BEGIN, lock (2), taking, axes, chunks, pyramids, tails, the number of axes, COMMIT.
    expect(kills).toBeGreaterThanOrEqual(9);
    await expectEveryPoint(run);
  });

  it("are converted once by processes that start at the same time", async () => {
    const run = await oldRun();
    await Promise.all(Array.from({ length: 3 }, () => convertOldChunks(database.pool, () => {})));
    await expectEveryPoint(run);
    expect(await left(run)).toBe(0);
  });

  it("that are damaged stop the start with what is wrong, and stay", async () => {
    const run = await insertTestRun(database.pool);
    const chunk = oldChunk(
      regular(range(0, 9)),
      regular(range(0, 9)),
      regular(range(1, 9)),
      Float64Array.from(range(0, 9)),
    );
    chunk.writeUInt32LE(8);
    await storeOld(run, "loss", 0, 1, 0, chunk);
    await expect(convertOldChunks(database.pool, () => {})).rejects.toThrow("A metric chunk of 8 points is damaged.");
    expect(await left(run)).toBe(1);
    await database.pool.query("DELETE FROM metric_chunk_old");
  });
});
