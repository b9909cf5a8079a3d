import { MetricFrameError } from "./metric-frame-error.js";
import { readMetricKey } from "./metric-key.js";

/** Shorter columns are read number by number: a typed array over each would cost more than its numbers. */
const SHORT = 32;

/** Reads a little-endian buffer and refuses to read past its end, so that no allocation follows a claimed size alone. */
export class FrameReader {
  private readonly view: DataView;
  private offset = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  /** Throws MetricFrameError unless `count` bytes follow. */
  expect(count: number): void {
    if (count > this.remaining) {
      throw new MetricFrameError("frame", `The frame ends after ${this.bytes.length} bytes, in the middle of a value.`);
    }
  }

  private take(count: number): number {
    this.expect(count);
    const offset = this.offset;
    this.offset += count;
    return offset;
  }

  uint8(): number {
    return this.view.getUint8(this.take(1));
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  float64(): number {
    return this.view.getFloat64(this.take(8), true);
  }

  /** LEB128; throws above 2^53−1. */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.uint8();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER)
        throw new MetricFrameError("frame", "The frame holds an integer above 2^53−1.");
      if (byte < 0x80) return value;
      if (scale > 2 ** 45) throw new MetricFrameError("frame", "The frame holds an integer of more than 8 bytes.");
    }
  }

  /** A metric key of `length` bytes in UTF-8, checked. */
  key(length: number): string {
    const start = this.take(length);
    return readMetricKey(this.bytes, start, start + length);
  }

  /** A copy bit by bit: numbers that are read and written one by one may lose the payload of a NaN. */
  float64s(count: number): Float64Array {
    const start = this.take(count * 8);
    return new Float64Array(aligned(this.bytes, start, count * 8));
  }

  /** Widened; a NaN becomes the canonical one, which is the only one that is packed so. */
  float32s(count: number): Float64Array {
    const start = this.take(count * 4);
    const values = new Float64Array(count);
    if (count < SHORT) for (let i = 0; i < count; i++) values[i] = this.view.getFloat32(start + i * 4, true);
    else values.set(new Float32Array(aligned(this.bytes, start, count * 4)));
    return values;
  }
}

/** A copy of `length` bytes that begins where a typed array may begin. Not `slice`, which on a Node Buffer is a view of the same memory. */
function aligned(bytes: Uint8Array, start: number, length: number): ArrayBuffer {
  const copy = new Uint8Array(length);
  copy.set(bytes.subarray(start, start + length));
  return copy.buffer;
}
