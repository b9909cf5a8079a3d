import type { SafetensorsDType } from "@residual/shared";

/** Little-endian bytes of a float type as float32; undefined for types that are no floats or have too few bits for weights. */
export function floatsFromBytes(dtype: SafetensorsDType, bytes: Buffer): Float32Array | undefined {
  const { buffer, byteOffset, byteLength } = bytes;
  switch (dtype) {
    case "F32":
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case "F64":
      return Float32Array.from(new Float64Array(buffer, byteOffset, byteLength / 8));
    case "F16":
      return floatsFromHalves(new Uint16Array(buffer, byteOffset, byteLength / 2));
    case "BF16": {
      // bfloat16 is the upper half of a float32.
      const halves = new Uint16Array(buffer, byteOffset, byteLength / 2);
      const words = new Uint32Array(halves.length);
      for (let i = 0; i < halves.length; i++) words[i] = halves[i]! << 16;
      return new Float32Array(words.buffer);
    }
    default:
      return undefined;
  }
}

/** Of every half; computing each anew would take half a minute for a ViT-L. */
let floatOfHalf: Float32Array | undefined;

function floatsFromHalves(halves: Uint16Array): Float32Array {
  floatOfHalf ??= Float32Array.from({ length: 65536 }, (_, half) => floatFromHalf(half));
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = floatOfHalf[halves[i]!]!;
  return floats;
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function floatFromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
