import DataLoader from "dataloader";
import type { Pool } from "pg";
import type { Context } from "../../context.js";

/** What a finished run of a project measured; null where it did not. */
export interface MeasuredRun {
  readonly architecture: string;
  readonly imageSize: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly epochs: number;
  readonly imagesPerSecond: number | null;
  readonly latencyMilliseconds: number | null;
  readonly memoryBytes: number | null;
  /** Val accuracy of its best evaluation, and that evaluation's epoch. */
  readonly accuracy: number | null;
  readonly bestEpoch: number | null;
}

/** Of more, the newest are looked at. */
const mostRuns = 200;

/** The runs that were trained and finished here, the newest first. */
async function readMeasuredRuns(pool: Pool, distKey: number): Promise<MeasuredRun[]> {
  const { rows } = await pool.query<MeasuredRun>(
    `SELECT r.architecture, (r.config ->> 'imageSize')::int AS "imageSize", (r.config ->> 'batchSize')::int AS "batchSize",
            (r.config ->> 'learningRate')::float8 AS "learningRate", (r.config ->> 'epochs')::int AS epochs,
            r.measured_images_per_second AS "imagesPerSecond", r.latency_p50_milliseconds AS "latencyMilliseconds",
            r.measured_memory_bytes AS "memoryBytes", b.accuracy, b.epoch AS "bestEpoch"
     FROM (SELECT * FROM run WHERE dist_key = $1 AND origin = 'TRAINED_HERE' AND status = 'FINISHED' AND trashed_at IS NULL
           ORDER BY created_at DESC, id DESC LIMIT ${mostRuns}) r
     LEFT JOIN LATERAL (
       SELECT e.val_correct::float8 / e.val_examples AS accuracy, e.epoch FROM evaluation e
       WHERE e.dist_key = r.dist_key AND e.run_id = r.id ORDER BY accuracy DESC, e.step LIMIT 1) b ON true`,
    [distKey],
  );
  return rows;
}

/** By a project's distribution key; the launch dialog asks for nine networks at once. */
export function measuredRunsOf({ pool }: Context): DataLoader<number, MeasuredRun[]> {
  return new DataLoader((distKeys) => Promise.all(distKeys.map((distKey) => readMeasuredRuns(pool, distKey))));
}
