import { decodeColumns, encodeColumns } from "./column-codec.js";
import { DamagedBlockError } from "./damaged-block-error.js";
import type { Points } from "./points.js";

/**
 * Points in a full chunk. A chunk must stay below 2 kB with all that is said of it, or PostgreSQL stores it out of line; how many fit a page
 * decides the rest. Measured (bench/read.mjs bytes): 432 take 5.0 bytes a point of noise and 3.1 of a mix of metrics, 400 take 5.3 and 3.8.
 */
export const CHUNK_POINTS = 432;

/** Where and when the points of a chunk were logged, and with which arrival they came. */
export type Axis = Pick<Points, "steps" | "times" | "arrivals">;

export function encodeAxis({ steps, times, arrivals }: Axis): Buffer {
  return encodeColumns([steps, times, arrivals]);
}

/** Inverse of encodeAxis. Throws DamagedBlockError. */
export function decodeAxis(block: Buffer): Axis {
  const [steps, times, arrivals] = decodeColumns(block, 3) as [Float64Array, Float64Array, Float64Array];
  return { steps, times, arrivals };
}

export function encodeValues(values: Float64Array): Buffer {
  return encodeColumns([values]);
}

/** Inverse of encodeValues. Throws DamagedBlockError. */
export function decodeValues(block: Buffer): Float64Array {
  return decodeColumns(block, 1)[0]!;
}

export function joinChunk(axis: Axis, values: Float64Array): Points {
  if (axis.steps.length === values.length) return { ...axis, values };
  throw new DamagedBlockError(`it has ${values.length} values at ${axis.steps.length} steps`);
}

/** The points of a chunk or a tail. Throws DamagedBlockError for a block that is damaged, or two that do not belong together. */
export function decodeChunk(axis: Buffer, values: Buffer): Points {
  return joinChunk(decodeAxis(axis), decodeValues(values));
}
