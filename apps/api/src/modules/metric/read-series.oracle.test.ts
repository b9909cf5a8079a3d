import "reflect-metadata";
import fc from "fast-check";
import { afterAll, beforeAll, describe, it } from "vitest";
import { LiveEvents } from "../../live/events.js";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { compactRun } from "./compact.js";
import { MetricPath } from "./metric-path.js";
import { readSeries } from "./read-series.js";
import { expectSeries, type LoggedPoint, type LoggedTakeover, shownPoints } from "./series-oracle.fixture.js";
import { supersede } from "./supersede.js";
import { incoming, insertTestRun, type TestRun } from "./test-run.fixture.js";

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

const keys = ["train/loss", "val/loss", "lr"];

/** A frame of `rows` steps that begins `from` steps after (or before) where the writer stands; `shuffled`: not in order of step. */
const frame = fc.record({
  type: fc.constant("frame" as const),
  rows: fc.oneof(fc.integer({ min: 1, max: 40 }), { weight: 2, arbitrary: fc.integer({ min: 400, max: 1_600 }) }),
  from: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -600, max: 60 })),
  stride: fc.constantFrom(1, 1, 1, 7),
  shuffled: fc.oneof({ weight: 20, arbitrary: fc.constant(false) }, fc.constant(true)),
  sparse: fc.boolean(),
  seed: fc.nat(),
});
const action = fc.oneof(
  { weight: 9, arbitrary: frame },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("compact" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("takeover" as const), back: fc.integer({ min: 0, max: 1_500 }) }),
  },
);
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const reading = fc.record({
  range: fc.option(fc.tuple(fraction, fraction), { nil: null }),
  maxPoints: fc.constantFrom(null, 2, 3, 20, 64, 65, 80, 300, 5_000),
  upTo: fc.option(fraction, { nil: null, freq: 3 }),
  attempt: fc.option(fc.nat({ max: 3 }), { nil: null, freq: 3 }),
  keepAll: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
});

/** One run as it is logged, and beside it what any reader must see of it. */
class Story {
  readonly points = new Map<string, LoggedPoint[]>(keys.map((key) => [key, []]));
  readonly takeovers: LoggedTakeover[] = [];
  private arrival = 0;
  private generation = 0;
  private seq = 0;
  private step = 0;

  constructor(private readonly run: TestRun) {}

  async log({ rows, from, stride, shuffled, sparse, seed }: typeof frame extends fc.Arbitrary<infer T> ? T : never) {
    const random = mulberry(seed);
    const first = Math.max(0, this.step + from);
    const steps = Float64Array.from({ length: rows }, (_, i) => first + i * stride);
    if (shuffled) steps.sort(() => random() - 0.5);
    this.step = Math.max(this.step, first + rows * stride);
    const times = steps.map((step) => 1_764_000_000_000 + step * 100 + Math.floor(random() * 9));
    const arrival = ++this.arrival;
    const columns = keys.map((key, at) => {
      const picked = sparse && at > 0 ? [...steps.keys()].filter(() => random() < 0.3) : [...steps.keys()];
      const values = Float64Array.from(picked, () => valueFrom(random));
      for (const [i, row] of picked.entries())
        this.points
          .get(key)!
          .push({ step: steps[row]!, time: times[row]!, value: values[i]!, arrival, generation: this.generation });
      return { key, rows: picked.length === rows ? null : Uint32Array.from(picked), values };
    });
    const options = { writer: `g${this.generation}`, leaseGeneration: this.generation };
    await metrics.ingest.log(this.run.distKey, incoming(this.run, ++this.seq, { steps, times, columns }, options));
  }

  async takeOver(back: number): Promise<void> {
    const step = Math.max(0, this.step - back);
    const client = await database.pool.connect();
    await client.query("BEGIN");
    await client.query("UPDATE run SET lease_generation = $2 WHERE id = $1", [this.run.id, ++this.generation]);
    await supersede(client, this.run, this.generation, step);
    await client.query("COMMIT");
    client.release();
    this.takeovers.push({ generation: this.generation, step, arrival: ++this.arrival });
    this.seq = 0;
    this.step = step + 1;
  }

  async check(read: typeof reading extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
    const ends = read.range?.map((at) => Math.floor(at * (this.step + 2))).sort((a, b) => a - b) ?? [null, null];
    const upTo = read.upTo === null ? null : Math.floor(read.upTo * (this.arrival + 1));
    const request = {
      from: ends[0]!,
      to: ends[1]!,
      maxPoints: read.maxPoints,
      attempt: read.attempt,
      keepAll: read.keepAll,
    };
    const found = await readSeries(database.pool, { runs: [{ ...this.run, upTo }], keys, ...request });
    for (const key of keys) {
      const expected = shownPoints(this.points.get(key)!, this.takeovers, { ...request, upTo });
      expectSeries(
        found.find((series) => series.key === key),
        expected,
        read.maxPoints,
        JSON.stringify({ key, ...request, upTo }),
      );
    }
  }
}

/** Noise, a few spikes, and now and then what is not finite. */
function valueFrom(random: () => number): number {
  const kind = random();
  if (kind < 0.002) return [Number.NaN, Infinity, -Infinity, -0][Math.floor(random() * 4)]!;
  return kind < 0.004 ? 1_000 * random() : Math.fround(random());
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("every read gives what a naive reader of every point gives", () => {
  const story = fc.tuple(
    fc.array(action, { minLength: 5, maxLength: 40 }),
    fc.array(reading, { minLength: 6, maxLength: 6 }),
  );

  it("through compaction at any moment, steps out of order and again, takeovers, frozen links, earlier attempts", async () => {
    await fc.assert(
      fc.asyncProperty(story, async ([actions, readings]) => {
        const run = await insertTestRun(database.pool);
        const told = new Story(run);
        for (const action of actions) {
          if (action.type === "frame") await told.log(action);
          else if (action.type === "compact") await compactRun(database.pool, run);
          else await told.takeOver(action.back);
        }
        for (const read of readings) await told.check(read);
        await compactRun(database.pool, run);
        for (const read of readings) await told.check(read);
      }),
      {
        numRuns: Number(process.env.ORACLE_RUNS ?? 30),
        seed: Number(process.env.ORACLE_SEED ?? 7),
        endOnFailure: true,
      },
    );
  });
});
