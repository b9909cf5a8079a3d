import { MetricFrameError } from "./metric-frame-error.js";

/** Reads a little-endian buffer and refuses to read past its end, so that no allocation follows a claimed size alone. */
export class ByteReader {
  private readonly view: DataView;
  private offset = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  private take(count: number): number {
    if (count > this.remaining) {
      throw new MetricFrameError("frame", `The frame ends after ${this.bytes.length} bytes, in the middle of a value.`);
    }
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

  /** A copy, so that it is aligned and does not keep the whole frame alive. */
  raw(count: number): Uint8Array<ArrayBuffer> {
    const offset = this.take(count);
    return new Uint8Array(this.bytes.subarray(offset, offset + count));
  }
}
