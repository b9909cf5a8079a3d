import { MetricFrameError } from "./metric-frame-error.js";

/** One metric of a frame. `values[i]` belongs to row `rows[i]` of the frame, or to row `i` where `rows` is null (every row). */
export type MetricColumn = { key: string; rows: Uint32Array | null; values: Float64Array };

/** One flush of a writer. Row `i` was logged at `steps[i]` (integer, 0 … 2^53−1) and `times[i]` (ms since the epoch). */
export type MetricFrame = { steps: Float64Array; times: Float64Array; columns: MetricColumn[] };

export const metricFrameLimits = { points: 5_000, keys: 1_000, keyLength: 256 } as const;

/** Number of values in a frame, over all its columns. */
export function metricFramePoints(frame: MetricFrame): number {
  return frame.columns.reduce((points, column) => points + column.values.length, 0);
}

/** Throws a MetricFrameError for the first rule that the frame breaks. Rows of a column ascend; steps may come in any order. */
export function checkMetricFrame(frame: MetricFrame): void {
  const { steps, times, columns } = frame;
  if (steps.length > metricFrameLimits.points) {
    throw new MetricFrameError(
      "steps",
      `A frame has at most ${metricFrameLimits.points} steps; this one has ${steps.length}. Send several frames.`,
      metricFrameLimits.points,
    );
  }
  if (times.length !== steps.length) {
    throw new MetricFrameError(
      "times",
      `A frame has one time a step; this one has ${steps.length} steps and ${times.length} times.`,
    );
  }
  checkSteps(steps);
  const badTime = times.findIndex((time) => !Number.isFinite(time));
  if (badTime >= 0)
    throw new MetricFrameError(
      "times",
      `times[${badTime}] is ${times[badTime]}; a time is milliseconds since 1970, a finite number.`,
    );
  checkKeyCount(columns.length);
  const points = metricFramePoints(frame);
  if (points > metricFrameLimits.points) {
    throw new MetricFrameError(
      "values",
      `A frame has at most ${metricFrameLimits.points} points; this one has ${points}. Send several frames.`,
      metricFrameLimits.points,
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

export function checkKeyCount(keys: number): void {
  if (keys <= metricFrameLimits.keys) return;
  throw new MetricFrameError(
    "values",
    `A frame has at most ${metricFrameLimits.keys} metric keys; this one has ${keys}.`,
    metricFrameLimits.keys,
  );
}

const prototypeNames = new Set(["__proto__", "constructor", "prototype"]);

/**
 * A key is 1 … 256 characters, in Unicode's composed form (else two keys would look the same), without controls and marks that turn the
 * reading direction, and no part of it names a prototype: keys become names of fields in many a reader.
 */
function checkMetricKey(key: string): void {
  if (key.length === 0)
    throw new MetricFrameError("values", "A metric key is empty. Name it split/name, for example train/loss.");
  if (key.length > metricFrameLimits.keyLength) {
    throw new MetricFrameError(
      "values",
      `The metric key "${key.slice(0, 40)}…" has ${key.length} characters; at most ${metricFrameLimits.keyLength} are allowed.`,
      metricFrameLimits.keyLength,
    );
  }
  if (/\p{Cc}|\p{Cs}/u.test(key))
    throw new MetricFrameError("values", `The metric key ${JSON.stringify(key)} contains a control character.`);
  if (/[\u202a-\u202e\u2066-\u2069]/.test(key))
    throw new MetricFrameError(
      "values",
      `The metric key ${JSON.stringify(key)} contains a mark that turns the reading direction.`,
    );
  if (key.normalize("NFC") !== key)
    throw new MetricFrameError(
      "values",
      `The metric key "${key}" is not in composed form. Pass it through Unicode NFC.`,
    );
  const reserved = key.split(/[/.]/).find((part) => prototypeNames.has(part));
  if (reserved !== undefined)
    throw new MetricFrameError(
      "values",
      `The metric key "${key}" holds ${reserved}, which scripts read as something else. Rename it.`,
    );
}

function checkSteps(steps: Float64Array): void {
  const bad = steps.findIndex((step) => !Number.isSafeInteger(step) || step < 0 || Object.is(step, -0));
  if (bad >= 0)
    throw new MetricFrameError(
      "steps",
      `steps[${bad}] is ${steps[bad]}; a step is an integer from 0 to 2^53−1.`,
      Number.MAX_SAFE_INTEGER,
    );
}

function checkRows({ key, rows, values }: MetricColumn, rowCount: number): void {
  const expected = rows === null ? rowCount : rows.length;
  if (values.length !== expected)
    throw new MetricFrameError("values", `"${key}" has ${values.length} values for ${expected} rows.`);
  if (rows === null) return;
  for (let i = 0; i < rows.length; i++) {
    if (rows[i]! >= rowCount)
      throw new MetricFrameError(
        "values",
        `"${key}" has a value in row ${rows[i]}, but the frame has ${rowCount} rows.`,
      );
    if (i > 0 && rows[i]! <= rows[i - 1]!) throw new MetricFrameError("values", `The rows of "${key}" do not ascend.`);
  }
}
