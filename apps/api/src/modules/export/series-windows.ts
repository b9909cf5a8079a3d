import type { ClientBase, Pool } from "pg";
import type { RunToRead } from "../metric/read-parts.js";

/** Steps from `from` to `to`, both included; null: no bound. */
export type StepRange = { readonly from: number | null; readonly to: number | null };

/**
 * Cuts a series into stretches of steps with about `points` points each, so that a long one can be read piece by piece. The cuts follow the
 * chunks that are stored now; where they fall changes nothing of what is read.
 */
export async function seriesWindows(
  db: Pool | ClientBase,
  run: RunToRead,
  key: string,
  { from, to }: StepRange,
  points: number,
): Promise<StepRange[]> {
  const { rows } = await db.query<[lastStep: number, points: number]>({
    text: `SELECT last_step, points FROM metric_chunk WHERE dist_key = $1 AND run_id = $2 AND key = $3
           AND last_step >= $4 AND first_step <= $5 ORDER BY last_step`,
    rowMode: "array",
    values: [run.distKey, run.id, key, from ?? 0, to ?? Number.MAX_SAFE_INTEGER],
  });
  const windows: StepRange[] = [];
  let start = from;
  let sum = 0;
  for (const [lastStep, count] of rows) {
    sum += count;
    const isPast = start !== null && lastStep < start;
    if (sum < points || isPast || (to !== null && lastStep >= to)) continue;
    windows.push({ from: start, to: lastStep });
    start = lastStep + 1;
    sum = 0;
  }
  return [...windows, { from: start, to }];
}
