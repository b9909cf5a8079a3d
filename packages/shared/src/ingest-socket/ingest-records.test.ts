import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeServerRecords,
  decodeWriterRecords,
  encodeServerRecords,
  encodeWriterRecords,
  type ServerRecord,
  type WriterRecord,
} from "./ingest-records.js";
import { IngestSocketError } from "./ingest-socket-error.js";

const channel = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const seq = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const name = fc.string({ maxLength: 60, unit: "grapheme" });

const writerRecord: fc.Arbitrary<WriterRecord> = fc.oneof(
  fc.record({ kind: fc.constant("open" as const), channel, leaseGeneration: channel, run: name, writer: name }),
  fc.record({ kind: fc.constant("frame" as const), channel, seq, bytes: fc.uint8Array({ maxLength: 400 }) }),
  fc.record({ kind: fc.constant("close" as const), channel }),
);

const serverRecord: fc.Arbitrary<ServerRecord> = fc.oneof(
  fc.record({ kind: fc.constant("ack" as const), channel, ackedSeq: seq }),
  fc.record({
    kind: fc.constant("refusal" as const),
    channel,
    seq,
    refusal: fc.record({ code: name, message: name, expected: seq }),
  }),
);

describe("the records of the ingest socket", () => {
  it("come back as they were sent, many in one message", () => {
    fc.assert(
      fc.property(fc.array(writerRecord, { maxLength: 20 }), (records) => {
        expect(decodeWriterRecords(encodeWriterRecords(records))).toEqual(records);
      }),
    );
    fc.assert(
      fc.property(fc.array(serverRecord, { maxLength: 20 }), (records) => {
        expect(decodeServerRecords(encodeServerRecords(records))).toEqual(records);
      }),
    );
  });

  it("lie on the wire as docs/ingest-socket.md says", () => {
    const message = encodeWriterRecords([
      { kind: "open", channel: 7, leaseGeneration: 2, run: "run_1", writer: "w" },
      { kind: "frame", channel: 7, seq: 2 ** 32 + 1, bytes: Uint8Array.of(0xaa, 0xbb) },
    ]);
    expect(Buffer.from(message).toString("hex")).toBe(
      `${"01" + "07000000" + "02000000"}${"0500"}${Buffer.from("run_1").toString("hex")}${"0100"}77${"02" + "07000000" + "0100000001000000" + "02000000" + "aabb"}`,
    );
    expect(Buffer.from(encodeServerRecords([{ kind: "ack", channel: 7, ackedSeq: 3 }])).toString("hex")).toBe(
      "81" + "07000000" + "0300000000000000",
    );
  });

  it("are an IngestSocketError, never a crash or a wrong record, when the message is cut or is noise", () => {
    const whole = encodeWriterRecords([
      { kind: "open", channel: 1, leaseGeneration: 0, run: "run_1", writer: "w" },
      { kind: "frame", channel: 1, seq: 1, bytes: new Uint8Array(40) },
    ]);
    const openBytes = encodeWriterRecords([
      { kind: "open", channel: 1, leaseGeneration: 0, run: "run_1", writer: "w" },
    ]).length;
    for (let size = 1; size < whole.length; size++) {
      if (size === openBytes) continue;
      expect(() => decodeWriterRecords(whole.subarray(0, size))).toThrow(IngestSocketError);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        try {
          decodeWriterRecords(noise);
        } catch (error) {
          expect(error).toBeInstanceOf(IngestSocketError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
