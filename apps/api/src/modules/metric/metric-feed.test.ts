import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { LiveEvents } from "../../live/events.js";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { type FeedUpdate, MetricFeed } from "./metric-feed.js";
import { MetricPath } from "./metric-path.js";
import { incoming, insertTestRun, insertTestRuns, type TestRun, testFrame } from "./test-run.fixture.js";

let database: TestDatabase;
let events: LiveEvents;
let metrics: MetricPath;
let feed: MetricFeed;

const fail = (line: string) => {
  throw new Error(line);
};

beforeAll(async () => {
  database = await openTestDatabase();
  events = new LiveEvents();
  metrics = new MetricPath(database.pool, events, fail);
  feed = new MetricFeed(database.pool, events, fail, 50);
});
afterAll(async () => {
  feed.close();
  await metrics.close();
  await database.close();
});

const key = "train/loss";
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const follow = (
  runs: TestRun[],
  after: string | null = null,
  keys: string[] | null = null,
  maxPoints: number | null = null,
) => feed.follow({ runs: runs.map((run) => ({ ...run, upTo: null })), keys, after, maxPoints });

/** Logs steps [from, to), `stepsAFrame` at a time; seq follows from the steps. */
async function log(path: MetricPath, run: TestRun, from: number, to: number, stepsAFrame = 1): Promise<void> {
  const frames = range(0, (to - from) / stepsAFrame).map((i) =>
    range(from + i * stepsAFrame, from + (i + 1) * stepsAFrame),
  );
  await Promise.all(
    frames.map((steps) => {
      const frame = testFrame(steps, { [key]: steps, "val/loss": steps });
      return path.ingest.log(run.distKey, incoming(run, steps[0]! / stepsAFrame + 1, frame));
    }),
  );
}

/** Reads updates until `count` steps of the key have come. */
async function take(updates: AsyncIterator<FeedUpdate>, count: number) {
  const steps: number[] = [];
  const seen: FeedUpdate[] = [];
  while (steps.length < count) {
    const { value, done } = await updates.next();
    if (done) break;
    seen.push(value);
    for (const series of value.series) if (series.key === key) steps.push(...series.steps);
  }
  return { steps, updates: seen, cursor: seen.at(-1)?.cursor };
}

describe("a subscriber gets every point once, in order", () => {
  it("live, from the moment it subscribed", async () => {
    const run = await insertTestRun(database.pool);
    await log(metrics, run, 0, 10);
    const updates = await follow([run]);
    await log(metrics, run, 10, 20);
    const live = await take(updates, 10);
    expect(live.steps).toEqual(range(10, 20));
    expect(live.updates.every((update) => !update.replayed)).toBe(true);
    await updates.return!();
  });

  it("after a reconnect, through compaction, from the cursor of the last update that it saw", async () => {
    const run = await insertTestRun(database.pool);
    let updates = await follow([run], "0");
    const seen: number[] = [];
    let cursor = "0";
    for (const end of [100, 700, 1_500]) {
      await log(metrics, run, seen.length, end);
      await metrics.compacted();
      // Cut in the middle: what was delivered so far counts, the rest has to be replayed.
      const part = await take(updates, Math.floor((end - seen.length) / 2));
      seen.push(...part.steps);
      cursor = part.cursor ?? cursor;
      await updates.return!();
      updates = await follow([run], cursor);
      const rest = await take(updates, end - seen.length);
      seen.push(...rest.steps);
      cursor = rest.cursor ?? cursor;
    }
    expect(seen).toEqual(range(0, 1_500));
    await updates.return!();
  });

  it("of the keys and runs that it asked for, and of no other", async () => {
    const [mine, other] = await insertTestRuns(database.pool, 2);
    const updates = await follow([mine!], null, [key]);
    await log(metrics, other!, 0, 5);
    await log(metrics, mine!, 0, 5);
    const { updates: seen } = await take(updates, 5);
    expect(new Set(seen.map((update) => update.runId))).toEqual(new Set([mine!.id]));
    expect(new Set(seen.flatMap((update) => update.series.map((series) => series.key)))).toEqual(new Set([key]));
    await updates.return!();
  });

  it("even when no notice tells of them: another process wrote, or the notice was lost", async () => {
    const run = await insertTestRun(database.pool);
    const updates = await follow([run]);
    const elsewhere = new MetricPath(database.pool, new LiveEvents(), fail);
    await log(elsewhere, run, 0, 3);
    expect((await take(updates, 3)).steps).toEqual([0, 1, 2]);
    await updates.return!();
  });

  it("also when many stand at the same point and share what is read, with nothing but notices to go by", async () => {
    const run = await insertTestRun(database.pool);
    const unswept = new MetricFeed(database.pool, events, fail, 2 ** 31 - 1);
    const request = { runs: [{ ...run, upTo: null }], keys: null, after: null, maxPoints: null };
    const followers = await Promise.all(Array.from({ length: 8 }, () => unswept.follow(request)));
    const readings = followers.map((updates) => take(updates, 400));
    for (let step = 0; step < 400; step++) await log(metrics, run, step, step + 1);
    for (const reading of readings) expect((await reading).steps).toEqual(range(0, 400));
    for (const updates of followers) await updates.return!();
    unswept.close();
  });

  it("refuses text that is no cursor", async () => {
    const run = await insertTestRun(database.pool);
    await expect(follow([run], "../../etc")).rejects.toMatchObject({
      extensions: { code: "BAD_INPUT", field: "after" },
    });
    expect(feed.size).toBe(0);
  });
});

describe("a subscriber that names a budget of rows", () => {
  const spikes = new Map([
    [13, 1e6],
    [49_999, -1e6],
    [50_000, Number.NaN],
    [99_998, 1e7],
  ]);

  it("gets a burst of 100,000 points in few updates within it, with every spike and every point counted", async () => {
    const run = await insertTestRun(database.pool);
    const updates = await follow([run], null, [key], 500);
    for (const start of range(0, 25)) {
      const steps = range(start * 4_000, (start + 1) * 4_000);
      const frame = testFrame(steps, { [key]: steps.map((step) => spikes.get(step) ?? Math.sin(step)) });
      await metrics.ingest.log(run.distKey, incoming(run, start + 1, frame));
    }
    const seen: FeedUpdate[] = [];
    let count = 0;
    while (count < 100_000) {
      const { value } = await updates.next();
      seen.push(value!);
      count += value!.series[0]!.count;
    }
    expect(count).toBe(100_000);
    expect(seen.length).toBeLessThanOrEqual(4);
    const rows = seen.flatMap(({ series: [one] }) => {
      expect(one!.steps.length).toBeLessThanOrEqual(500);
      expect(one!.exact).toBe(false);
      return Array.from(one!.steps, (step, i) => ({
        step,
        value: one!.values[i]!,
        min: one!.min![i]!,
        max: one!.max![i]!,
      }));
    });
    expect(rows.map(({ step }) => step)).toEqual(rows.map(({ step }) => step).sort((a, b) => a - b));
    expect(rows.filter(({ max }) => max === 1e6 || max === 1e7).length).toBe(2);
    expect(rows.filter(({ min }) => min === -1e6).length).toBe(1);
    expect(rows.filter(({ value }) => Number.isNaN(value)).length).toBe(1);
    expect(rows.at(-1)!.step).toBe(99_999);
    await updates.return!();
  });

  it("gets exact points as long as they fit, and what went over it never comes twice", async () => {
    const run = await insertTestRun(database.pool);
    const updates = await follow([run], null, [key], 100);
    await log(metrics, run, 0, 40);
    expect(await take(updates, 40)).toMatchObject({ steps: range(0, 40), updates: [{ series: [{ exact: true }] }] });
    const burst = range(40, 4_040);
    await metrics.ingest.log(run.distKey, incoming(run, 41, testFrame(burst, { [key]: burst })));
    const { value: thinned } = await updates.next();
    expect(thinned!.series[0]).toMatchObject({ exact: false, count: 4_000 });
    const rest = range(4_040, 4_045);
    await metrics.ingest.log(run.distKey, incoming(run, 42, testFrame(rest, { [key]: rest })));
    expect((await take(updates, 5)).steps).toEqual(rest);
    await updates.return!();
  });
});

describe("a takeover reaches subscribers", () => {
  it("as the step beyond which they drop what they have", async () => {
    const run = await insertTestRun(database.pool);
    const updates = await follow([run], "0");
    await log(metrics, run, 0, 10);
    await take(updates, 10);
    const client = await database.pool.connect();
    const { supersede } = await import("./supersede.js");
    await client.query("BEGIN");
    await client.query("UPDATE run SET lease_generation = 1 WHERE id = $1", [run.id]);
    await supersede(client, run, 1, 4);
    await client.query("COMMIT");
    client.release();
    events.metricsStored(run.id);
    const { value } = await updates.next();
    expect(value).toMatchObject({ supersededAfter: 4, series: [] });
    const late = await follow([run], "0");
    expect((await take(late, 5)).steps).toEqual(range(0, 5));
    await updates.return!();
    await late.return!();
  });
});

describe("a subscriber that stops reading costs nothing", () => {
  it("during 100,000 points, and gets all of them when it reads again, while the other misses none", async () => {
    const run = await insertTestRun(database.pool);
    const stalled = await follow([run]);
    const quick = await follow([run], null, [key]);
    const reading = take(quick, 100_000);
    await log(metrics, run, 0, 100_000, 100);
    const live = await reading;
    expect(live.steps).toEqual(range(0, 100_000));
    expect(live.updates.length).toBeLessThanOrEqual(1_000);
    const caughtUp = await take(stalled, 100_000);
    expect(caughtUp.steps).toEqual(range(0, 100_000));
    // No update is larger than a bite, however long the stall was.
    const points = caughtUp.updates.map((update) =>
      update.series.reduce((sum, series) => sum + series.steps.length, 0),
    );
    expect(Math.max(...points)).toBeLessThanOrEqual(50_200);
    await quick.return!();
    await stalled.return!();
  });

  it("but is told since when it had fallen behind, and one that keeps up is told nothing of the kind", async () => {
    const run = await insertTestRun(database.pool);
    const updates = await follow([run], null, [key]);
    await log(metrics, run, 0, 1);
    expect((await updates.next()).value!.behindSince).toBeNull();
    const before = Date.now();
    await log(metrics, run, 1, 2);
    const clock = vi.spyOn(Date, "now").mockImplementation(() => before + 60_000);
    const late = (await updates.next()).value!;
    clock.mockRestore();
    expect(late.behindSince!.getTime()).toBeGreaterThanOrEqual(before);
    expect(late.behindSince!.getTime()).toBeLessThan(before + 10_000);
    await updates.return!();
  });

  it("and leaves nothing behind when it goes while it waits", async () => {
    const run = await insertTestRun(database.pool);
    const before = events.listenerCount;
    const updates = await follow([run]);
    const pending = updates.next();
    await updates.return!();
    expect((await pending).done).toBe(true);
    expect(events.listenerCount).toBe(before);
    expect(feed.size).toBe(0);
  });
});
