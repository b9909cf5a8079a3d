import type { ClientBase } from "pg";
import { metricDirection } from "./metric-direction.js";
import type { SeriesSummary } from "./series-summary.js";

export type SummaryDelta = { runId: string; arrival: number; summary: SeriesSummary };

/** PostgreSQL reads "-0" as minus zero; the driver would write 0. */
export const float8 = (value: number | null): string | null =>
  value === null ? null : Object.is(value, -0) ? "-0" : String(value);

// NULL − x is NULL, which a CASE takes for false: a batch without a finite value improves nothing.
const improves = "(s.best IS NULL OR (excluded.best - s.best) * excluded.direction > 0)";

/**
 * Adds what a commit brought to the summaries. A series that went back in step is marked stale: its counts and extremes may include points
 * that were replaced, so that it is made anew before it is shown (refresh-summaries.ts).
 */
export async function storeSummaries(client: ClientBase, distKey: number, deltas: SummaryDelta[]): Promise<void> {
  await client.query({
    name: "metric-series-add",
    text: `
      INSERT INTO metric_series AS s
        (dist_key, run_id, key, points, first_step, last_step, last, min, max, direction, best, best_step, arrival, stale)
      SELECT $1, run_id, key, points, first_step, last_step, last, min, max, direction, best, best_step, arrival, NOT ascending
      FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::float8[], $8::float8[], $9::float8[],
                  $10::smallint[], $11::float8[], $12::bigint[], $13::bigint[], $14::boolean[])
        AS d(run_id, key, points, first_step, last_step, last, min, max, direction, best, best_step, arrival, ascending)
      ORDER BY run_id, key
      ON CONFLICT (dist_key, run_id, key) DO UPDATE SET
        points = s.points + excluded.points,
        last = CASE WHEN excluded.last_step >= s.last_step THEN excluded.last ELSE s.last END,
        first_step = LEAST(s.first_step, excluded.first_step),
        last_step = GREATEST(s.last_step, excluded.last_step),
        min = LEAST(s.min, excluded.min),
        max = GREATEST(s.max, excluded.max),
        best = CASE WHEN ${improves} THEN excluded.best ELSE s.best END,
        best_step = CASE WHEN ${improves} THEN excluded.best_step ELSE s.best_step END,
        arrival = excluded.arrival,
        stale = s.stale OR excluded.stale OR excluded.first_step <= s.last_step`,
    values: [distKey, ...columns(deltas)],
  });
}

function columns(deltas: SummaryDelta[]): unknown[] {
  const summaries = deltas.map((delta) => delta.summary);
  return [
    deltas.map((delta) => delta.runId),
    summaries.map((s) => s.key),
    summaries.map((s) => s.points),
    summaries.map((s) => s.firstStep),
    summaries.map((s) => s.lastStep),
    summaries.map((s) => float8(s.last)),
    summaries.map((s) => float8(s.min)),
    summaries.map((s) => float8(s.max)),
    summaries.map((s) => metricDirection(s.key)),
    summaries.map((s) => float8(s.best)),
    summaries.map((s) => s.bestStep),
    deltas.map((delta) => delta.arrival),
    summaries.map((s) => s.ascending),
  ];
}
