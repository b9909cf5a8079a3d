import type { ClientBase, QueryResult } from "pg";
import { insertRows } from "./insert-rows.js";
import { metricDirection } from "./metric-direction.js";
import type { DueSummaries } from "./pending-summaries.js";

/** PostgreSQL reads "-0" as minus zero; the driver would write 0. */
export const float8 = (value: number | null): string | null =>
  value === null ? null : Object.is(value, -0) ? "-0" : String(value);

const ROWS_A_STATEMENT = 64;

// NULL − x is NULL, which a CASE takes for false: a batch without a finite value improves nothing.
const improves = "(s.best IS NULL OR (excluded.best - s.best) * excluded.direction > 0)";

/**
 * Adds what commits brought to the stored summaries. A series that went back in step is marked stale: its counts and extremes may include
 * points that were replaced, so that it is made anew before it is shown (read-summaries.ts). So is one whose run lags by fewer arrivals than
 * are added here: then somebody took this process for dead and has counted them already. `lag`: by run, before this. Sends the statements.
 */
export function storeSummaries(
  client: ClientBase,
  distKey: number,
  due: readonly DueSummaries[],
  lag: ReadonlyMap<string, number>,
): Promise<QueryResult>[] {
  const rows = due.flatMap((run) => {
    const isCounted = run.arrivals > (lag.get(run.runId) ?? 0);
    return run.series.map((s) => [
      run.runId,
      s.key,
      s.points,
      s.firstStep,
      s.lastStep,
      float8(s.last),
      float8(s.min),
      float8(s.max),
      metricDirection(s.key),
      float8(s.best),
      s.bestStep,
      run.arrival,
      isCounted || !s.ascending,
    ]);
  });
  const statements: Promise<QueryResult>[] = [];
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT)
    statements.push(addRows(client, distKey, rows.slice(start, start + ROWS_A_STATEMENT)));
  return statements;
}

function addRows(client: ClientBase, distKey: number, rows: unknown[][]): Promise<QueryResult> {
  return insertRows(client, {
    name: "metric-series-add",
    into: `metric_series AS s
      (dist_key, run_id, key, points, first_step, last_step, last, min, max, direction, best, best_step, arrival, stale)`,
    distKey,
    rows,
    suffix: `ON CONFLICT (dist_key, run_id, key) DO UPDATE SET
        points = s.points + excluded.points,
        last = CASE WHEN excluded.last_step >= s.last_step THEN excluded.last ELSE s.last END,
        first_step = LEAST(s.first_step, excluded.first_step),
        last_step = GREATEST(s.last_step, excluded.last_step),
        min = LEAST(s.min, excluded.min),
        max = GREATEST(s.max, excluded.max),
        best = CASE WHEN ${improves} THEN excluded.best ELSE s.best END,
        best_step = CASE WHEN ${improves} THEN excluded.best_step ELSE s.best_step END,
        arrival = GREATEST(s.arrival, excluded.arrival),
        stale = s.stale OR excluded.stale OR excluded.first_step <= s.last_step`,
  });
}
