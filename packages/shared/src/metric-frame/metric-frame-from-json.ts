import {
  checkKeyCount,
  checkMetricFrame,
  checkRowCount,
  type MetricColumn,
  type MetricFrame,
  metricFrameLimits,
  metricFramePoints,
} from "./metric-frame.js";
import { MetricFrameError } from "./metric-frame-error.js";

const nonFinite = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/**
 * The plain form of a frame, for scripts: `{ steps: [0, 1], times?: [ms, ms], values: { "train/loss": [0.7, null] } }`, where null means
 * "no value at this step" and "NaN", "Infinity", "-Infinity" stand for what JSON cannot carry. Without times every row is logged at `now`.
 * Throws MetricFrameError that names the entry at fault.
 */
export function metricFrameFromJson(json: unknown, now: number = Date.now()): MetricFrame {
  if (!isRecord(json))
    throw new MetricFrameError("frame", "A frame is an object with steps and values, or base64 text.");
  const unknown = Object.keys(json).find((name) => !["steps", "times", "values"].includes(name));
  if (unknown !== undefined)
    throw new MetricFrameError(
      "frame",
      `A frame has steps, times and values; "${unknown.slice(0, 40)}" is none of them.`,
    );
  const steps = numbers("steps", json.steps);
  const times =
    json.times === undefined || json.times === null
      ? new Float64Array(steps.length).fill(now)
      : numbers("times", json.times);
  if (!isRecord(json.values))
    throw new MetricFrameError(
      "values",
      'values is an object: a list of numbers for each key, as {"train/loss": [0.7]}.',
    );
  const entries = Object.entries(json.values);
  checkKeyCount(entries.length);
  const columns = entries
    .map(([key, list]) => toColumn(key, list, steps.length))
    .filter((column) => column.rows?.length !== 0);
  const frame = { steps, times, columns };
  const points = metricFramePoints(frame);
  if (points > metricFrameLimits.jsonPoints)
    throw new MetricFrameError(
      "values",
      `A frame in JSON has at most ${metricFrameLimits.jsonPoints} points; this one has ${points}. Send several, or pack it.`,
      metricFrameLimits.jsonPoints,
      "TOO_LARGE",
    );
  checkMetricFrame(frame);
  return frame;
}

function toColumn(key: string, list: unknown, rowCount: number): MetricColumn {
  const name = key.slice(0, 40);
  if (!Array.isArray(list)) throw new MetricFrameError("values", `values["${name}"] is no list of numbers.`);
  if (list.length !== rowCount)
    throw new MetricFrameError(
      "values",
      `values["${name}"] has ${list.length} entries for ${rowCount} steps. Write null where there is no value.`,
      rowCount,
    );
  const values = new Float64Array(rowCount);
  let rows: number[] | null = null;
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    const entry: unknown = list[row];
    if (entry === null) {
      rows ??= Array.from({ length: row }, (_, before) => before);
      continue;
    }
    const value = typeof entry === "string" ? nonFinite.get(entry) : entry;
    if (typeof value !== "number") {
      throw new MetricFrameError(
        "values",
        `values["${name}"][${row}] is neither a number, null, "NaN", "Infinity" nor "-Infinity".`,
      );
    }
    values[count++] = value;
    rows?.push(row);
  }
  return { key, rows: rows && Uint32Array.from(rows), values: rows ? values.slice(0, count) : values };
}

function numbers(field: "steps" | "times", list: unknown): Float64Array {
  if (!Array.isArray(list)) throw new MetricFrameError(field, `${field} is no list of numbers.`);
  checkRowCount(list.length, metricFrameLimits.jsonPoints);
  const column = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const entry: unknown = list[i];
    if (typeof entry !== "number") throw new MetricFrameError(field, `${field}[${i}] is no number.`);
    column[i] = entry;
  }
  return column;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
