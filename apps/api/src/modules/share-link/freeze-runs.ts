import type { EntityManager } from "typeorm";
import { type Moment, Run } from "../run/run.entity.js";

/** What of a run changes with time, as it was; the rest of it is fixed from its start. Times are ISO 8601. */
export type FrozenRun = Pick<
  Run,
  | "name"
  | "status"
  | "tags"
  | "progress"
  | "passport"
  | "stopRequested"
  | "measuredImagesPerSecond"
  | "measuredMemoryBytes"
  | "initialWeights"
  | "inferenceImagesPerSecond"
  | "latencyP50Milliseconds"
  | "latencyP95Milliseconds"
  | "energyWattHours"
  | "gapPairs"
> & { startedAt: string | null; finishedAt: string | null; arrival: number };

/** Takes down runs of one project in one statement, with the last arrival of their metrics: all of one moment. */
export async function freezeRuns(
  tx: EntityManager,
  distKey: number,
  runIds: string[],
): Promise<Record<string, FrozenRun>> {
  const rows: ({ id: string } & FrozenRun)[] = await tx.query(
    `SELECT run.id, run.name, run.status, run.tags, run.progress, run.passport, run.stop_requested AS "stopRequested",
            run.measured_images_per_second AS "measuredImagesPerSecond", run.measured_memory_bytes AS "measuredMemoryBytes",
            run.initial_weights AS "initialWeights", run.inference_images_per_second AS "inferenceImagesPerSecond",
            run.latency_p50_milliseconds AS "latencyP50Milliseconds", run.latency_p95_milliseconds AS "latencyP95Milliseconds",
            run.energy_watt_hours AS "energyWattHours", run.gap_pairs AS "gapPairs",
            to_jsonb(run.started_at) #>> '{}' AS "startedAt", to_jsonb(run.finished_at) #>> '{}' AS "finishedAt",
            COALESCE(stream.arrivals, 0) AS arrival
     FROM run LEFT JOIN metric_stream stream ON stream.dist_key = run.dist_key AND stream.run_id = run.id
     WHERE run.dist_key = $1 AND run.id = ANY($2)`,
    [distKey, runIds],
  );
  return Object.fromEntries(rows.map(({ id, ...frozen }) => [id, frozen]));
}

/** What links that were frozen before these were measured do not hold: a link shows nothing that came later. */
const unknownThen = {
  initialWeights: null,
  inferenceImagesPerSecond: null,
  latencyP50Milliseconds: null,
  latencyP95Milliseconds: null,
  energyWattHours: null,
} satisfies Partial<Run>;

/** The run as it was when it was frozen: its own fields, and the moment as of which its metrics and evaluations are read. */
export function thaw(
  run: Run,
  { arrival, startedAt, finishedAt, ...fields }: FrozenRun,
  moment: Omit<Moment, "arrival">,
): Run {
  return Object.assign(new Run(), run, unknownThen, fields, {
    startedAt: startedAt === null ? null : new Date(startedAt),
    finishedAt: finishedAt === null ? null : new Date(finishedAt),
    asOf: { ...moment, arrival },
    // It was not in the trash then.
    trashedAt: null,
  });
}
