import { encodeMetricFrame } from "@residual/shared";

/** Ten metrics as a training loop logs them: values that float32 holds, whole milliseconds, steps one by one. */
export const keys = Array.from({ length: 10 }, (_, i) => `train/metric_${i}`);

/** A noisy, falling curve; different for every metric, the same in every run of the bench. */
export const valueAt = (key, step) =>
  Math.fround(2.3 * Math.exp(-step / 2e4) + 0.05 * Math.sin(step * 12.9898 + key) * Math.cos(step * 78.233));

const startedAt = Date.UTC(2026, 10, 1);

/** A frame of `rows` steps from `firstStep` on, with all ten metrics in every row. */
function frameOf(firstStep, rows) {
  return {
    steps: Float64Array.from({ length: rows }, (_, i) => firstStep + i),
    times: Float64Array.from({ length: rows }, (_, i) => startedAt + (firstStep + i) * 20),
    columns: keys.map((key, k) => ({
      key,
      rows: null,
      values: Float64Array.from({ length: rows }, (_, i) => valueAt(k, firstStep + i)),
    })),
  };
}

export const packedFrame = (firstStep, rows) => encodeMetricFrame(frameOf(firstStep, rows));
