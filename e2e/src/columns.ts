/** A column of the API (base64 of little-endian float64) as numbers. */
export function decodeFloat64Column(text: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return new Float64Array(bytes.buffer);
}
