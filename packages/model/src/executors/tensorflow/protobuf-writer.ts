/** Writes the wire format of Protocol Buffers: the few kinds of field that TensorFlow's messages need. */
export class ProtobufWriter {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  /** int32, int64, bool or enum; negative numbers take ten bytes, as the format wants. */
  integer(field: number, value: number): this {
    return this.append(varint(field << 3), varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.append(varint((field << 3) | 5), bytes);
  }

  bytes(field: number, bytes: Uint8Array): this {
    return this.append(varint((field << 3) | 2), varint(bytes.length), bytes);
  }

  text(field: number, text: string): this {
    return this.bytes(field, new TextEncoder().encode(text));
  }

  message(field: number, message: ProtobufWriter): this {
    this.append(varint((field << 3) | 2), varint(message.length));
    // One by one: the chunks of a whole graph are more than one call may have arguments.
    for (const chunk of message.chunks) this.append(chunk);
    return this;
  }

  packedIntegers(field: number, values: readonly number[]): this {
    const packed = new ProtobufWriter().append(...values.map(varint));
    return this.message(field, packed);
  }

  /** The message in pieces, for a writer of files: weights are not copied. */
  get pieces(): readonly Uint8Array[] {
    return this.chunks;
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.length);
    let offset = 0;
    for (const chunk of this.chunks) {
      whole.set(chunk, offset);
      offset += chunk.length;
    }
    return whole;
  }

  private append(...chunks: Uint8Array[]): this {
    for (const chunk of chunks) {
      this.chunks.push(chunk);
      this.length += chunk.length;
    }
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
