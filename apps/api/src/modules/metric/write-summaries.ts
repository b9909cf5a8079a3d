import type { Pool } from "pg";
import { lockStreams, makeStale, moveStreams } from "./frame-statements.js";
import type { PendingSummaries } from "./pending-summaries.js";
import { inPipeline, together } from "./pipeline.js";
import { storeSummaries } from "./store-summaries.js";

/** Stores all that is pending, in a transaction of its own. Rejects with the database's error: then the runs are in doubt, and made anew later. */
export async function writeSummaries(pool: Pool, distKey: number, pending: PendingSummaries): Promise<void> {
  const due = pending.takeAll();
  const doubtful = pending.takeDoubtful();
  if (due.length + doubtful.length === 0) return;
  const runIds = [...due.map((run) => run.runId), ...doubtful].sort();
  try {
    await inPipeline(pool, async (client) => {
      const [, { rows: streams }] = await together([client.query("BEGIN"), lockStreams(client, distKey, runIds)]);
      const lag = new Map(streams.map((row) => [row.run_id, row.arrivals - row.summarised]));
      // A run that was deleted meanwhile has no stream.
      const kept = due.filter((run) => lag.has(run.runId));
      const changes = new Map(
        kept.map((run) => [run.runId, { frames: 0, points: 0, duplicated: 0, summarised: run.arrivals }]),
      );
      await together([
        ...storeSummaries(client, distKey, kept, lag),
        ...(changes.size > 0 ? [moveStreams(client, distKey, changes)] : []),
        ...(doubtful.length > 0 ? makeStale(client, distKey, doubtful) : []),
        client.query("COMMIT"),
      ]);
    });
  } catch (error) {
    pending.doubt(runIds);
    throw error;
  }
}
