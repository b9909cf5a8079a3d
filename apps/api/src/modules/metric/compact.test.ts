import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LiveEvents } from "../../live/events.js";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { compactRun } from "./compact.js";
import { killedAt } from "./killed-at.fixture.js";
import { MetricPath } from "./metric-path.js";
import { readIntegrity } from "./read-integrity.js";
import { readSeries } from "./read-series.js";
import { incoming, insertTestRun, type TestRun, testFrame } from "./test-run.fixture.js";

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

const STEPS_A_FRAME = 2_000;
/** Two series a frame: 18 frames are more than a rollup of each. */
const FRAMES = 15;

async function logFrames(run: TestRun, first: number, count: number) {
  for (let seq = first; seq < first + count; seq++) {
    const steps = Array.from({ length: STEPS_A_FRAME }, (_, i) => (seq - 1) * STEPS_A_FRAME + i);
    await metrics.ingest.log(
      run.distKey,
      incoming(run, seq, testFrame(steps, { "train/loss": steps.map(Math.fround), "val/loss": steps.map(Math.sqrt) })),
    );
  }
}

async function expectEveryPointOnce(run: TestRun, frames: number) {
  const all = { runs: [{ ...run, upTo: null }], keys: null, from: null, to: null, maxPoints: null, keepAll: true };
  const series = await readSeries(database.pool, all);
  expect(series.map(({ key }) => key).sort()).toEqual(["train/loss", "val/loss"]);
  for (const { key, steps, values } of series) {
    expect(steps.length).toBe(frames * STEPS_A_FRAME);
    const wrong = steps.findIndex(
      (step, i) => step !== i || values[i] !== (key === "val/loss" ? Math.sqrt(i) : Math.fround(i)),
    );
    expect(wrong).toBe(-1);
  }
  const points = 2 * frames * STEPS_A_FRAME;
  expect(await readIntegrity(database.pool, { ...run, upTo: null })).toMatchObject({
    pointsAcknowledged: points,
    pointsStored: points,
    pointsSuperseded: 0,
  });
}

describe("compaction that is killed at any of its statements", () => {
  it("leaves every point there once, and goes on when it runs again", async () => {
    const run = await insertTestRun(database.pool);
    // What is compacted before: later the tails grow, chunks are rolled up, pyramids go on.
    await logFrames(run, 1, 2);
    await compactRun(database.pool, run);
    await logFrames(run, 3, FRAMES - 2);
    let kills = 0;
    for (let fatal = 0; ; fatal++) {
      const { pool, statements } = killedAt(database, fatal);
      const failed = await compactRun(pool, run).then(
        () => false,
        () => true,
      );
      await expectEveryPointOnce(run, FRAMES);
      if (!failed) {
        expect(statements()).toBeLessThanOrEqual(fatal);
        break;
      }
      kills++;
      const { rows } = await database.pool.query("SELECT count(*)::int AS frames FROM metric_frame WHERE run_id = $1", [
        run.id,
      ]);
      expect(rows[0].frames).toBe(FRAMES - 2);
    }
    // BEGIN, lock, frames, tails, axes, chunks, rollups, pyramids, tails, receipts, deletion, COMMIT.
    expect(kills).toBeGreaterThanOrEqual(12);
    const { rows } = await database.pool.query("SELECT FROM metric_rollup WHERE run_id = $1", [run.id]);
    expect(rows.length).toBe(2);
  });

  it("and two at once do not compact the same frames twice", async () => {
    const run = await insertTestRun(database.pool);
    await logFrames(run, 1, 4);
    await Promise.all(Array.from({ length: 4 }, () => compactRun(database.pool, run)));
    await expectEveryPointOnce(run, 4);
  });
});
