import { describe, expect, it } from "vitest";
import { ProtobufWriter } from "./protobuf-writer.js";

/** Examples of the encoding guide of Protocol Buffers (protobuf.dev/programming-guides/encoding). */
describe("ProtobufWriter", () => {
  it("writes varints, texts, messages and packed lists as the encoding guide does", () => {
    expect([...new ProtobufWriter().integer(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new ProtobufWriter().text(2, "testing").finish()]).toEqual([0x12, 7, 116, 101, 115, 116, 105, 110, 103]);
    const inner = new ProtobufWriter().integer(1, 150);
    expect([...new ProtobufWriter().message(3, inner).finish()]).toEqual([0x1a, 3, 0x08, 0x96, 0x01]);
    expect([...new ProtobufWriter().packedIntegers(6, [3, 270, 86942]).finish()]).toEqual([
      0x32, 6, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05,
    ]);
  });

  it("writes −1 in ten bytes and floats little-endian", () => {
    expect([...new ProtobufWriter().integer(1, -1).finish()]).toEqual([0x08, ...Array<number>(9).fill(0xff), 0x01]);
    expect([...new ProtobufWriter().float(4, 1).finish()]).toEqual([0x25, 0, 0, 0x80, 0x3f]);
  });
});
