import { DamagedBlockError, decodeColumns, encodeColumns } from "./column-codec.js";
import type { Points } from "./points.js";

/**
 * Points in a full chunk. Of float32 noise so many deflate to 1.3 to 1.45 kB: with all else that is said of them five rows fit a page of 8 kB,
 * and a point takes 4 bytes. 480 of the noisier sort, or 512 of any, are four a page.
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
