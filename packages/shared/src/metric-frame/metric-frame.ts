import { MetricFrameError } from "./metric-frame-error.js";
import { checkMetricKey, longestMetricKey } from "./metric-key.js";

/** One metric of a frame. `values[i]` belongs to row `rows[i]` of the frame, or to row `i` where `rows` is null (every row). */
export type MetricColumn = { key: string; rows: Uint32Array | null; values: Float64Array };

/** One flush of a writer. Row `i` was logged at `steps[i]` (integer, 0 … 2^53−1) and `times[i]` (ms since the epoch). */
export type MetricFrame = { steps: Float64Array; times: Float64Array; columns: MetricColumn[] };

/** `points`: of a packed frame, values over all columns, and its rows; `jsonPoints`: of the plain JSON form. */
export const metricFrameLimits = {
  points: 65_536,
  jsonPoints: 10_000,
  keys: 1_000,
  keyLength: longestMetricKey,
} as const;

/** Number of values in a frame, over all its columns. */
export function metricFramePoints(frame: MetricFrame): number {
  let points = 0;
  for (const column of frame.columns) points += column.values.length;
  return points;
}

/** Throws a MetricFrameError for the first rule that the frame breaks. Rows of a column ascend; steps may come in any order. */
export function checkMetricFrame(frame: MetricFrame): void {
  const { steps, times, columns } = frame;
  checkRowCount(steps.length);
  if (times.length !== steps.length) {
    throw new MetricFrameError(
      "times",
      `A frame has one time a step; this one has ${steps.length} steps and ${times.length} times.`,
      steps.length,
    );
  }
  checkSteps(steps);
  checkTimes(times);
  checkKeyCount(columns.length);
  const points = metricFramePoints(frame);
  if (points > metricFrameLimits.points) {
    throw new MetricFrameError(
      "values",
      `A frame has at most ${metricFrameLimits.points} points; this one has ${points}. Send several frames.`,
      metricFrameLimits.points,
      "TOO_LARGE",
    );
  }
  const seen = new Set<string>();
  for (const column of columns) {
    checkMetricKey(column.key);
    if (seen.has(column.key))
      throw new MetricFrameError("values", `The metric key "${column.key}" occurs twice in one frame.`);
    seen.add(column.key);
    checkRows(column, steps.length);
  }
}

export function checkRowCount(rows: number, limit: number = metricFrameLimits.points): void {
  if (rows <= limit) return;
  const reason = `A frame has at most ${limit} steps; this one has ${rows}. Send several frames.`;
  throw new MetricFrameError("steps", reason, limit, "TOO_LARGE");
}

export function checkKeyCount(keys: number): void {
  if (keys <= metricFrameLimits.keys) return;
  throw new MetricFrameError(
    "values",
    `A frame has at most ${metricFrameLimits.keys} metric keys; this one has ${keys}. Send several frames.`,
    metricFrameLimits.keys,
    "TOO_LARGE",
  );
}

function checkSteps(steps: Float64Array): void {
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    if (Number.isSafeInteger(step) && step >= 0 && !Object.is(step, -0)) continue;
    const reason = `steps[${i}] is ${step}; a step is an integer from 0 to 2^53−1.`;
    throw new MetricFrameError("steps", reason, Number.MAX_SAFE_INTEGER);
  }
}

function checkTimes(times: Float64Array): void {
  for (let i = 0; i < times.length; i++) {
    if (Number.isFinite(times[i])) continue;
    const reason = `times[${i}] is ${times[i]}; a time is milliseconds since 1970, a finite number.`;
    throw new MetricFrameError("times", reason);
  }
}

function checkRows({ key, rows, values }: MetricColumn, rowCount: number): void {
  const expected = rows === null ? rowCount : rows.length;
  if (values.length !== expected)
    throw new MetricFrameError("values", `"${key}" has ${values.length} values for ${expected} rows.`, expected);
  if (rows === null) return;
  for (let i = 0; i < rows.length; i++) {
    if (rows[i]! >= rowCount)
      throw new MetricFrameError(
        "values",
        `"${key}" has a value in row ${rows[i]}, but the frame has ${rowCount} rows.`,
        rowCount,
      );
    if (i > 0 && rows[i]! <= rows[i - 1]!) throw new MetricFrameError("values", `The rows of "${key}" do not ascend.`);
  }
}
