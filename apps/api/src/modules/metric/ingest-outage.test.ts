import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isDatabaseAway } from "../../errors.js";
import { LiveEvents } from "../../live/events.js";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { MetricPath } from "./metric-path.js";
import { readSeries } from "./read-series.js";
import { incoming, insertTestRun, testFrame } from "./test-run.fixture.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

describe("connections that are cut in the middle of commits", () => {
  it("lose nothing that was acknowledged and double nothing that is sent again, compaction included", async () => {
    const run = await insertTestRun(database.pool);
    const metrics = new MetricPath(database.pool, new LiveEvents(), () => {});
    const frames = 400;
    const writers = 4;
    let cuts = 0;
    let refused = 0;
    const write = async (writer: number) => {
      for (let seq = 1; seq <= frames; ) {
        const step = (seq - 1) * writers + writer;
        try {
          await metrics.ingest.log(
            run.distKey,
            incoming(run, seq, testFrame([step], { "train/loss": [step] }), { writer: `w${writer}` }),
          );
          seq++;
        } catch (error) {
          // Not acknowledged: committed or not, the writer sends it again, as the worker's spool does.
          if (!isDatabaseAway(error)) throw error;
          refused++;
        }
      }
    };
    const writing = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    let done = false;
    const finished = writing.finally(() => {
      done = true;
    });
    while (!done && cuts < 60) {
      const { rows } = await database.db
        .query(
          "SELECT count(pg_terminate_backend(pid)) AS cut FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .then(
          (rows: { cut: number }[]) => ({ rows }),
          () => ({ rows: [] }),
        );
      cuts += rows[0]?.cut ?? 0;
      await new Promise(setImmediate);
    }
    await finished;
    await metrics.compacted();
    expect(cuts).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
    const request = { runs: [{ ...run, upTo: null }], keys: null, from: null, to: null, maxPoints: null };
    const [series] = await readSeries(database.pool, request);
    expect([...series!.steps]).toEqual(Array.from({ length: frames * writers }, (_, step) => step));
    const { rows } = await database.pool.query(
      "SELECT points_acknowledged, arrivals FROM metric_stream WHERE run_id = $1",
      [run.id],
    );
    expect(rows).toEqual([{ points_acknowledged: frames * writers, arrivals: frames * writers }]);
    await metrics.close();
  });
});
