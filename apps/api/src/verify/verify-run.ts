import type { ClientBase } from "pg";
import type { RunToRead } from "../modules/metric/read-parts.js";
import { type Damage, restore } from "./damage.js";
import { verifyChunks } from "./verify-chunks.js";
import { verifyFrames } from "./verify-frames.js";
import { verifySummaries } from "./verify-summaries.js";
import { verifyWriters } from "./verify-writers.js";

/** Everything that is stored of a run's metrics, in the caller's snapshot. Adds to `damages`; returns the number of points that were looked at. */
export async function verifyRun(client: ClientBase, run: RunToRead, damages: Damage[]): Promise<number> {
  const before = damages.length;
  const points = (await verifyFrames(client, run, damages)) + (await verifyChunks(client, run, damages));
  await verifyWriters(client, run, damages);
  await verifyStream(client, run, points, damages);
  // From damaged points nothing can be made anew; readers refuse them.
  if (damages.length === before) await verifySummaries(client, run, damages);
  return points;
}

type Stream = { arrivals: number; acknowledged: number; newest: number; takeovers: number; frames_in_chunks: boolean };

async function verifyStream(client: ClientBase, run: RunToRead, points: number, damages: Damage[]): Promise<void> {
  const { rows } = await client.query<Stream>(
    `SELECT COALESCE(m.arrivals, 0) AS arrivals, COALESCE(m.points_acknowledged, 0) AS acknowledged,
       GREATEST((SELECT max(arrival) FROM metric_frame WHERE dist_key = $1 AND run_id = $2),
                (SELECT max(last_arrival) FROM metric_tail WHERE dist_key = $1 AND run_id = $2),
                (SELECT max(arrival) FROM run_generation WHERE dist_key = $1 AND run_id = $2), 0) AS newest,
       COALESCE((SELECT max(generation) FROM run_generation WHERE dist_key = $1 AND run_id = $2), 0) - r.lease_generation AS takeovers,
       COALESCE((SELECT min(arrival) FROM metric_frame WHERE dist_key = $1 AND run_id = $2)
             <= (SELECT max(last_arrival) FROM metric_tail WHERE dist_key = $1 AND run_id = $2), false) AS frames_in_chunks
     FROM run r LEFT JOIN metric_stream m ON m.dist_key = r.dist_key AND m.run_id = r.id WHERE r.dist_key = $1 AND r.id = $2`,
    [run.distKey, run.id],
  );
  const [stream] = rows;
  if (!stream) return;
  const report = (what: string, problem: string) =>
    damages.push({ run: run.id, key: null, what, problem, remedy: restore });
  if (stream.acknowledged !== points)
    report("the count of points", `${stream.acknowledged} were acknowledged, and ${points} are stored`);
  if (stream.newest > stream.arrivals)
    report(
      "the count of arrivals",
      `it is ${stream.arrivals}, and something arrived as number ${stream.newest}: later points would be taken for earlier ones`,
    );
  if (stream.frames_in_chunks)
    report("the frames", "some are stored that chunks hold already: their points are there twice");
  if (stream.takeovers > 0)
    report("the lease generation", "metrics were taken over by a later one than the run has had");
}
