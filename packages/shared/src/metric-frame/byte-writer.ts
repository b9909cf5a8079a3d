/** A growing little-endian buffer. */
export class ByteWriter {
  private bytes = new Uint8Array(1024);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  // Replaces `view` where it grows: reserve first, then read `view`.
  private reserve(count: number): number {
    const offset = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    return offset;
  }

  uint8(value: number): void {
    const offset = this.reserve(1);
    this.view.setUint8(offset, value);
  }

  uint16(value: number): void {
    const offset = this.reserve(2);
    this.view.setUint16(offset, value, true);
  }

  uint32(value: number): void {
    const offset = this.reserve(4);
    this.view.setUint32(offset, value, true);
  }

  float64(value: number): void {
    const offset = this.reserve(8);
    this.view.setFloat64(offset, value, true);
  }

  /** Each as f32. */
  float32s(values: Float64Array): void {
    const offset = this.reserve(4 * values.length);
    for (let i = 0; i < values.length; i++) this.view.setFloat32(offset + 4 * i, values[i]!, true);
  }

  /** LEB128 of an integer in 0 … 2^53−1. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.uint8((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.uint8(rest);
  }

  raw(bytes: Uint8Array): void {
    const offset = this.reserve(bytes.length);
    this.bytes.set(bytes, offset);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }
}
