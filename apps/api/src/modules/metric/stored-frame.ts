import { decodeMetricFrame } from "@residual/shared";
import type { Points } from "./points.js";

/** The series of a stored frame, each with its own rows; frames without a value of a key give nothing for it. */
export function decodeFrame(frame: Uint8Array, arrival: number): { key: string; points: Points }[] {
  const { steps, times, columns } = decodeMetricFrame(frame);
  return columns
    .filter((column) => column.values.length > 0)
    .map(({ key, rows, values }) => {
      const pick = (column: Float64Array) => (rows ? Float64Array.from(rows, (index) => column[index]!) : column);
      const arrivals = new Float64Array(values.length).fill(arrival);
      return { key, points: { steps: pick(steps), times: pick(times), arrivals, values } };
    });
}
