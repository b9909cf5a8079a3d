import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppError } from "../../errors.js";
import { LiveEvents } from "../../live/events.js";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { compactRun } from "./compact.js";
import { MetricPath } from "./metric-path.js";
import { readSeries, type SeriesRequest } from "./read-series.js";
import { supersede } from "./supersede.js";
import { incoming, insertTestRun, insertTestRuns, type TestRun, testFrame, testTime } from "./test-run.fixture.js";

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

const every: Omit<SeriesRequest, "runs"> = { keys: ["train/loss"], from: null, to: null, maxPoints: null };

async function read(run: TestRun, request: Partial<SeriesRequest> & { upTo?: number } = {}) {
  const [series] = await readSeries(database.pool, {
    ...every,
    runs: [{ ...run, upTo: request.upTo ?? null }],
    ...request,
  });
  return series;
}

/** Logs one point a frame: value = value(step). */
async function logSteps(
  run: TestRun,
  steps: number[],
  value: (step: number) => number,
  options = { firstSeq: 1, leaseGeneration: 0 },
) {
  await Promise.all(
    steps.map((step, i) =>
      metrics.ingest.log(
        run.distKey,
        incoming(run, options.firstSeq + i, testFrame([step], { "train/loss": [value(step)] }), {
          writer: `g${options.leaseGeneration}`,
          leaseGeneration: options.leaseGeneration,
        }),
      ),
    ),
  );
  await metrics.compacted();
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe("a series reads the same from frames, from chunks, and while it is compacted", () => {
  it("gives every point exactly where it fits", async () => {
    const run = await insertTestRun(database.pool);
    await logSteps(run, range(0, 1_300), (step) => Math.sin(step));
    const series = (await read(run, { maxPoints: 1_300 }))!;
    expect(series).toMatchObject({ count: 1_300, exact: true, min: null, max: null });
    expect([...series.steps]).toEqual(range(0, 1_300));
    expect([...series.values]).toEqual(range(0, 1_300).map(Math.sin));
    expect([...series.times]).toEqual(range(0, 1_300).map(testTime));
  });

  it("reads a range by its inclusive ends", async () => {
    const run = await insertTestRun(database.pool);
    await logSteps(run, range(0, 1_000), (step) => step);
    expect([...(await read(run, { from: 510, to: 515 }))!.steps]).toEqual([510, 511, 512, 513, 514, 515]);
    expect(await read(run, { from: 5_000 })).toBeUndefined();
  });

  it("misses and doubles no point while compaction runs beside it", async () => {
    const run = await insertTestRun(database.pool);
    await logSteps(run, range(0, 100), (step) => step);
    let writing = true;
    const writer = logSteps(run, range(100, 2_000), (step) => step, { firstSeq: 101, leaseGeneration: 0 }).then(() => {
      writing = false;
    });
    let seen = 100;
    while (writing) {
      const { steps } = (await read(run))!;
      expect([...steps]).toEqual(range(0, steps.length));
      expect(steps.length).toBeGreaterThanOrEqual(seen);
      seen = steps.length;
    }
    await writer;
    expect((await read(run))!.count).toBe(2_000);
  });
});

describe("of points at one step the one that arrived last is shown", () => {
  it("whether frames or chunks hold them", async () => {
    const run = await insertTestRun(database.pool);
    await logSteps(run, range(0, 600), () => 1);
    await logSteps(run, [10, 700, 5], () => 2, { firstSeq: 601, leaseGeneration: 0 });
    const series = (await read(run))!;
    expect(series.count).toBe(601);
    expect(series.values[5]).toBe(2);
    expect(series.values[10]).toBe(2);
    expect(series.values[11]).toBe(1);
    expect(series.steps[600]).toBe(700);
  });

  it("also where only a few rows are wanted of very many", async () => {
    const run = await insertTestRun(database.pool);
    await logSteps(run, range(0, 2_048), () => 1_000);
    await logSteps(run, range(0, 2_048), () => 1, { firstSeq: 2_049, leaseGeneration: 0 });
    const series = (await read(run, { maxPoints: 2 }))!;
    expect([...series.max!]).toEqual([1, 1]);
    expect(series.count).toBe(2_048);
  });
});

describe("a takeover supersedes what the earlier generation logged beyond its checkpoint", () => {
  it("and a reader from before the takeover still sees it", async () => {
    const run = await insertTestRun(database.pool);
    const generation = async (leaseGeneration: number, resumedFromStep: number) => {
      const client = await database.pool.connect();
      await client.query("BEGIN");
      await client.query("UPDATE run SET lease_generation = $2 WHERE id = $1", [run.id, leaseGeneration]);
      await supersede(client, run, leaseGeneration, resumedFromStep);
      await supersede(client, run, leaseGeneration, resumedFromStep);
      await client.query("COMMIT");
      client.release();
    };
    await generation(1, 0);
    await logSteps(run, range(0, 600), () => 1, { firstSeq: 1, leaseGeneration: 1 });
    const { rows } = await database.pool.query("SELECT arrivals FROM metric_stream WHERE run_id = $1", [run.id]);
    const beforeTakeover: number = rows[0].arrivals;
    await generation(2, 400);
    const resumed = (await read(run))!;
    expect(resumed.steps.at(-1)).toBe(400);
    await logSteps(run, range(401, 500), () => 2, { firstSeq: 1, leaseGeneration: 2 });
    const series = (await read(run))!;
    expect([...series.steps]).toEqual(range(0, 500));
    expect(series.values[400]).toBe(1);
    expect(series.values[401]).toBe(2);
    const frozen = (await read(run, { upTo: beforeTakeover }))!;
    expect([...frozen.values]).toEqual(range(0, 600).map(() => 1));
    expect((await read(run, { maxPoints: 2 }))!.count).toBe(500);
  });
});

describe("a thinned series shows what the points show", () => {
  const noisy = (step: number) => Math.exp(-step / 900) + (step === 1_777 ? 5 : 0) + (step === 900 ? -5 : 0);

  it("keeps extremes, the last point and a NaN, by points and by chunk summaries", async () => {
    const run = await insertTestRun(database.pool);
    const value = (step: number) => (step === 2_500 ? Number.NaN : noisy(step));
    await logSteps(run, range(0, 4_000), value);
    // 100 rows are thinned from points, 4 from the summaries of the chunks.
    for (const maxPoints of [100, 4]) {
      const series = (await read(run, { maxPoints }))!;
      expect(series).toMatchObject({ count: 4_000, exact: false });
      expect(series.steps.length).toBeLessThanOrEqual(maxPoints);
      expect(Math.max(...series.max!)).toBe(noisy(1_777));
      expect(Math.min(...series.min!)).toBe(noisy(900));
      expect(series.steps.at(-1)).toBe(3_999);
      expect(series.values.at(-1)).toBe(noisy(3_999));
      expect(series.values.filter(Number.isNaN).length).toBe(1);
    }
  });
});

/** Logs frames of 4,000 steps each: value = value(step). */
async function logFrames(run: TestRun, steps: number[], value: (step: number) => number, firstSeq = 1) {
  for (let start = 0, seq = firstSeq; start < steps.length; start += 4_000, seq++) {
    const some = steps.slice(start, start + 4_000);
    await metrics.ingest.log(run.distKey, incoming(run, seq, testFrame(some, { "train/loss": some.map(value) })));
  }
}

describe("a long series is thinned from rollups and pyramids", () => {
  const spikes = range(0, 30).map((i) => 1_000 + i * 1_950);
  const value = (step: number) => (spikes.includes(step) ? 100 + step : Math.sin(step));
  let run: TestRun;
  beforeAll(async () => {
    run = await insertTestRun(database.pool);
    await logFrames(run, range(0, 60_000), value);
    await compactRun(database.pool, run);
    await logFrames(run, range(60_000, 60_010), value, 16);
  });

  it("with every one of 30 spikes at any width, and exact points where the range is narrow", async () => {
    for (const maxPoints of [30, 100, 200, 300, 1_000]) {
      const { max, count, steps } = (await read(run, { maxPoints }))!;
      expect(count).toBe(60_010);
      expect(steps.length).toBeGreaterThan(maxPoints / 4);
      const seen = spikes.filter((spike) => {
        const at = steps.findIndex((step) => step >= spike);
        return max![at]! >= 100 + spike;
      });
      expect(seen).toEqual(spikes);
    }
    const narrow = (await read(run, { from: 30_000, to: 30_499, maxPoints: 500 }))!;
    expect(narrow).toMatchObject({ exact: true, count: 500 });
    expect([...narrow.values]).toEqual(range(30_000, 30_500).map(value));
  });

  it("and a point that is logged again replaces the one in a chunk, also in a summary", async () => {
    const again = await insertTestRun(database.pool);
    await logFrames(again, range(0, 60_000), (step) => (step === 31_000 ? 500 : 1));
    await compactRun(database.pool, again);
    await logFrames(again, [31_000, 60_000], () => 2, 16);
    for (const maxPoints of [50, 200]) {
      const { max, count } = (await read(again, { maxPoints }))!;
      expect([count, Math.max(...max!)]).toEqual([60_001, 2]);
    }
  });
});

describe("what is damaged in the database is told to the reader, with its place", () => {
  const spoil = (table: string, change: string) => async (run: TestRun) => {
    await database.pool.query(`UPDATE ${table} SET ${change} WHERE run_id = $1`, [run.id]);
  };
  it.each([
    [
      "a chunk",
      spoil("metric_chunk", "data = overlay(data PLACING '\\x00'::bytea FROM 30)"),
      "chunk 0 of lease generation 0",
    ],
    [
      "an axis",
      spoil("metric_axis", "axis = overlay(axis PLACING '\\xffff'::bytea FROM 5)"),
      "chunk 0 of lease generation 0",
    ],
    [
      "a tail",
      spoil("metric_tail", "data = overlay(data PLACING '\\x00'::bytea FROM 30)"),
      "the tail of lease generation 0",
    ],
    [
      "a missing chunk",
      async (run: TestRun) => {
        await database.pool.query("DELETE FROM metric_chunk WHERE run_id = $1 AND no = 1", [run.id]);
      },
      "chunk 1 of lease generation 0",
    ],
  ])("%s", async (_, damage, place) => {
    const run = await insertTestRun(database.pool);
    await logFrames(run, range(0, 1_000), (step) => Math.sin(step));
    await compactRun(database.pool, run);
    expect((await read(run))!.count).toBe(1_000);
    await damage(run);
    const error = await read(run).then(
      () => null,
      (reason: AppError) => reason,
    );
    expect(error?.extensions).toMatchObject({ code: "DAMAGED", run: run.id, key: "train/loss" });
    expect(error?.message).toContain(place);
  });
});

describe("series of more runs than are read at once", () => {
  const count = 600;
  let runs: TestRun[];
  beforeAll(async () => {
    runs = await insertTestRuns(database.pool, count);
    await Promise.all(
      runs.map((run, i) => {
        const steps = range(0, 20 + (i % 3));
        const values = { "train/loss": steps.map((step) => step + i), other: steps.map((step) => -step) };
        return metrics.ingest.log(run.distKey, incoming(run, 1, testFrame(steps, values)));
      }),
    );
    for (const run of runs.slice(0, 5)) await compactRun(database.pool, run);
  });
  const ask = (some: TestRun[], maxPoints: number | null, keys = ["train/loss", "other"]) =>
    readSeries(database.pool, { ...every, keys, maxPoints, runs: some.map((run) => ({ ...run, upTo: null })) });

  it.each([null, 8, 300])("are those of each run alone, %s rows", async (maxPoints) => {
    const all = await ask(runs, maxPoints);
    expect(all).toHaveLength(2 * count);
    for (const at of [0, 4, 127, 128, 129, 255, 256, 511, 512, count - 1])
      expect(all.filter(({ runId }) => runId === runs[at]!.id)).toEqual(await ask([runs[at]!], maxPoints));
  });

  it("fail as one where one of the last is damaged", async () => {
    await database.pool.query("UPDATE metric_frame SET frame = '\\x00' WHERE run_id = $1", [runs.at(-1)!.id]);
    await expect(ask(runs, 8)).rejects.toThrow("damaged");
  });
});
