import { decodeBase64, encodeBase64 } from "./base64.js";

/** A column of numbers as GraphQL carries it (scalars F64Column, StepColumn): base64 of little-endian float64. NaN and ±Inf pass. */
export function float64ColumnToBase64(column: Float64Array): string {
  return encodeBase64(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
}

/** Inverse of float64ColumnToBase64; throws RangeError where the text is no whole number of float64. */
export function float64ColumnFromBase64(text: string): Float64Array {
  const bytes = decodeBase64(text);
  if (bytes.length % 8 !== 0)
    throw new RangeError(`A column of float64 has a multiple of 8 bytes; this has ${bytes.length}.`);
  return new Float64Array(bytes.buffer);
}
