import "reflect-metadata";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LiveEvents } from "../../live/events.js";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { MetricIngest } from "./ingest.js";
import { LaggingSummaries } from "./lagging-summaries.js";
import { PendingSummaries } from "./pending-summaries.js";
import { readSummaries } from "./read-summaries.js";
import { storeFrames } from "./store-frames.js";
import { incoming, insertTestRun, type TestRun, testFrame } from "./test-run.fixture.js";
import { writeSummaries } from "./write-summaries.js";

let database: TestDatabase;
let run: TestRun;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  run = await insertTestRun(database.pool);
});
afterAll(() => database.close());

const frame = (seq: number, writer = "writer") =>
  incoming(run, seq, testFrame([seq], { "val/accuracy": [seq / 100] }), { writer });

const storedPoints = async (): Promise<number> =>
  (await database.pool.query("SELECT points FROM metric_series WHERE run_id = $1", [run.id])).rows[0]?.points;

async function summary() {
  const [found] = await readSummaries(database.pool, [{ ...run, upTo: null }], null);
  return found && { points: found.points, last: found.last, best: found.best };
}

/** Summaries of a process whose clock stands still: what is not written at once is written only when asked for. */
const quietProcess = () => new PendingSummaries(() => 0);
const store = (pending: PendingSummaries, seq: number, writer?: string) =>
  storeFrames(database.pool, run.distKey, [frame(seq, writer)], pending);

describe("summaries that are folded in memory", () => {
  it("are complete once they were asked for, and a key's first points are stored with its frame", async () => {
    const ingest = new MetricIngest(database.pool, new LiveEvents(), () => {});
    for (let seq = 1; seq <= 50; seq++) await ingest.log(run.distKey, frame(seq));
    expect(await storedPoints()).toBeGreaterThan(0);
    await ingest.summariesWritten();
    expect(await storedPoints()).toBe(50);
    expect(await summary()).toEqual({ points: 50, last: 0.5, best: 0.5 });
    await ingest.drained();
  });

  it("add up when two processes take frames of one run at once", async () => {
    const a = quietProcess();
    const b = quietProcess();
    for (let seq = 1; seq <= 5; seq++) {
      await store(a, seq, "a");
      await store(b, seq, "b");
    }
    await writeSummaries(database.pool, run.distKey, a);
    await writeSummaries(database.pool, run.distKey, b);
    // Both logged the steps 1 to 5: each step counts once, which only the points can tell.
    expect(await storedPoints()).toBe(10);
    expect(await summary()).toEqual({ points: 5, last: 0.05, best: 0.05 });
  });

  it("are made anew when their process died before it wrote them", async () => {
    const died = quietProcess();
    for (let seq = 1; seq <= 5; seq++) await store(died, seq);
    expect(await storedPoints()).toBe(1);
    expect(await new LaggingSummaries(database.pool).recover()).toBe(1);
    expect(await summary()).toEqual({ points: 5, last: 0.05, best: 0.05 });
    expect(await storedPoints()).toBe(5);
  });

  it("are left to a process that lives, and taken over where they lag at two looks", async () => {
    const slow = quietProcess();
    for (let seq = 1; seq <= 3; seq++) await store(slow, seq);
    const looking = new LaggingSummaries(database.pool);
    expect(await looking.look()).toBe(0);
    await writeSummaries(database.pool, run.distKey, slow);
    expect(await looking.look()).toBe(0);
    await store(slow, 4);
    expect(await looking.look()).toBe(0);
    expect(await looking.look()).toBe(1);
  });

  it("count nothing twice where a process that was taken for dead writes after all", async () => {
    const slow = quietProcess();
    for (let seq = 1; seq <= 5; seq++) await store(slow, seq);
    await new LaggingSummaries(database.pool).recover();
    expect(await summary()).toMatchObject({ points: 5 });
    await writeSummaries(database.pool, run.distKey, slow);
    expect(await summary()).toEqual({ points: 5, last: 0.05, best: 0.05 });
  });

  it("are not put back by a reader while points wait to be added to them", async () => {
    const pending = quietProcess();
    for (let seq = 1; seq <= 5; seq++) await store(pending, seq);
    await database.pool.query("UPDATE metric_series SET stale = true WHERE run_id = $1", [run.id]);
    expect(await summary()).toMatchObject({ points: 5 });
    await writeSummaries(database.pool, run.distKey, pending);
    expect(await summary()).toMatchObject({ points: 5 });
  });

  it("are made anew after a commit that failed, as nobody knows whether it was one", async () => {
    const pending = quietProcess();
    await store(pending, 1);
    await store(pending, 2);
    await database.pool.query("ALTER TABLE metric_frame ADD CONSTRAINT full_disk CHECK (seq < 3) NOT VALID");
    await expect(store(pending, 3)).rejects.toThrow(/full_disk/);
    await database.pool.query("ALTER TABLE metric_frame DROP CONSTRAINT full_disk");
    await writeSummaries(database.pool, run.distKey, pending);
    await store(pending, 3);
    expect(await summary()).toEqual({ points: 3, last: 0.03, best: 0.03 });
  });
});
