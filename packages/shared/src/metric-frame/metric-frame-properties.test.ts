import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { crc32 } from "./crc32.js";
import { decodeMetricFrame } from "./decode-metric-frame.js";
import { encodeMetricFrame } from "./encode-metric-frame.js";
import type { MetricColumn, MetricFrame } from "./metric-frame.js";
import { MetricFrameError } from "./metric-frame-error.js";
import { randomFrame, seededRandom } from "./random-frame.fixture.js";

const bits = (array: Float64Array) => Array.from(new BigUint64Array(array.slice().buffer));
const bitsOf = ({ steps, times, columns }: MetricFrame) => ({
  steps: bits(steps),
  times: bits(times),
  columns: columns.map(({ key, rows, values }) => ({ key, rows: rows && [...rows], values: bits(values) })),
});

/** Any 64 bits: NaN with any payload, infinities, subnormals, −0; or what float32 holds. */
const anyValue = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((word) => new Float64Array(BigUint64Array.of(word).buffer)),
  fc.float().map((value) => Float64Array.of(value)),
  fc.bigInt({ min: 1n, max: 2n ** 51n }).map((payload) => {
    return new Float64Array(BigUint64Array.of(0x7ff0_0000_0000_0000n | payload).buffer);
  }),
);

const valuesOf = (count: number) =>
  fc.array(anyValue, { minLength: count, maxLength: count }).map((list) => {
    // Copied as bytes: assigning a NaN as a number may lose its payload.
    const bytes = new Uint8Array(count * 8);
    list.forEach((value, i) => {
      bytes.set(new Uint8Array(value.buffer), i * 8);
    });
    return new Float64Array(bytes.buffer);
  });

const anyKey = fc
  .string({ unit: "binary", minLength: 1, maxLength: 40 })
  .map((text) => text.normalize("NFC").replace(/\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/gu, "x"))
  .filter((key) => key.length > 0 && key.normalize("NFC") === key && !/proto|constructor/.test(key));

const columnOf = (rowCount: number): fc.Arbitrary<Omit<MetricColumn, "key">> =>
  fc
    .option(fc.subarray([...Array(rowCount).keys()]), { nil: null })
    .chain((rows) =>
      valuesOf(rows?.length ?? rowCount).map((values) => ({ rows: rows && Uint32Array.from(rows), values })),
    );

const anyFrame: fc.Arbitrary<MetricFrame> = fc.integer({ min: 0, max: 30 }).chain((rowCount) =>
  fc.record({
    steps: fc
      .array(fc.oneof(fc.maxSafeNat(), fc.nat(100)), { minLength: rowCount, maxLength: rowCount })
      .map((steps) => Float64Array.from(steps)),
    times: fc
      .array(
        fc.oneof(
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.integer({ min: 1.7e12, max: 1.8e12 }),
          fc.maxSafeInteger(),
        ),
        { minLength: rowCount, maxLength: rowCount },
      )
      .map((times) => Float64Array.from(times)),
    columns: fc
      .uniqueArray(anyKey, { maxLength: 6 })
      .chain((keys) => fc.tuple(...keys.map((key) => columnOf(rowCount).map((column) => ({ key, ...column }))))),
  }),
);

describe("the frame codec, over generated frames", () => {
  it("gives back every bit of every step, time and value", () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        expect(bitsOf(decodeMetricFrame(encodeMetricFrame(frame)))).toEqual(bitsOf(frame));
      }),
      { numRuns: 1_000, seed: 5 },
    );
  });

  it("writes one frame in one way, so that what is sent again has the same bytes", () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const bytes = encodeMetricFrame(frame);
        expect(encodeMetricFrame(decodeMetricFrame(bytes))).toEqual(bytes);
      }),
      { numRuns: 300, seed: 6 },
    );
  });

  it("reads a frame that lies anywhere in a larger buffer, as in a message that holds many", () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(9), (frame, offset) => {
        const bytes = encodeMetricFrame(frame);
        const message = new Uint8Array(bytes.length + offset + 3).fill(0xaa);
        message.set(bytes, offset);
        expect(bitsOf(decodeMetricFrame(message.subarray(offset, offset + bytes.length)))).toEqual(bitsOf(frame));
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it("spends four bytes on what float32 holds exactly and eight on what it does not, column by column", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 50 }), (narrow) => {
        const frameOf = (values: number[]) => ({
          steps: Float64Array.from(values.keys()),
          times: new Float64Array(values.length),
          columns: [{ key: "k", rows: null, values: Float64Array.from(values) }],
        });
        const wide = [...narrow.slice(1), 0.1];
        expect(encodeMetricFrame(frameOf(wide)).length - encodeMetricFrame(frameOf(narrow)).length).toBe(
          4 * narrow.length,
        );
      }),
      { numRuns: 300, seed: 8 },
    );
  });
});

/** Bytes that a decoded frame holds. */
const held = ({ steps, times, columns }: MetricFrame) =>
  steps.byteLength +
  times.byteLength +
  columns.reduce((sum, { rows, values }) => sum + (rows?.byteLength ?? 0) + values.byteLength, 0);

/** One of: bytes changed, cut, repeated, inserted, or a 32-bit field set to an extreme. */
function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = (length: number) => Math.floor(random() * length);
  const kind = at(5);
  if (kind === 0) return bytes.slice(0, at(bytes.length));
  if (kind === 1) {
    const start = at(bytes.length);
    return Uint8Array.from([...bytes.subarray(0, start), ...bytes.subarray(at(start + 1))]);
  }
  if (kind === 2) {
    const start = 8 + at(Math.max(bytes.length - 8, 1));
    return Uint8Array.from([...bytes.subarray(0, start), at(256), at(256), ...bytes.subarray(start)]);
  }
  const changed = bytes.slice();
  if (kind === 3 && changed.length > 12) {
    const extreme = [0, 1, 0x7f, 0xff, 10_000_000, 0x7fffffff, 0xffffffff][at(7)]!;
    new DataView(changed.buffer).setUint32(8 + at(changed.length - 12), extreme, true);
  } else for (let k = 0; k <= at(4); k++) changed[at(changed.length)] = at(256);
  return changed;
}

describe("a decoder that is given anything", () => {
  it("answers 100,000 mutated frames with a frame or a MetricFrameError, and holds at most 16 bytes a byte of them", () => {
    const random = seededRandom(20);
    let read = 0;
    let refused = 0;
    let worst = 0;
    let frame = new Uint8Array();
    for (let i = 0; i < 100_000; i++) {
      if (i % 20 === 0) frame = encodeMetricFrame(randomFrame(random));
      const bytes = mutate(frame, random);
      // Most get a valid checksum again: else nothing behind it would be reached.
      if (random() < 0.9 && bytes.length > 8) new DataView(bytes.buffer).setUint32(4, crc32(bytes, 8), true);
      try {
        worst = Math.max(worst, held(decodeMetricFrame(bytes)) / bytes.length);
        read++;
      } catch (error) {
        if (!(error instanceof MetricFrameError)) throw new Error(`Mutation ${i} got another error`, { cause: error });
        refused++;
      }
    }
    expect(worst).toBeLessThanOrEqual(16);
    // Both happened often: the mutations are neither harmless nor stopped at the door.
    expect(Math.min(read, refused)).toBeGreaterThan(5_000);
  }, 60_000);

  it("refuses 10 million declared rows, and columns and rows in numbers that the bytes cannot hold, before it allocates", () => {
    const forged = (write: (view: DataView) => void) => {
      const bytes = encodeMetricFrame(randomFrame(seededRandom(3)));
      const view = new DataView(bytes.buffer);
      write(view);
      view.setUint32(4, crc32(bytes, 8), true);
      return bytes;
    };
    expect(() => decodeMetricFrame(forged((view) => view.setUint32(8, 10_000_000, true)))).toThrow(/10000000/);
    expect(() => decodeMetricFrame(forged((view) => view.setUint32(8, 65_536, true)))).toThrow(MetricFrameError);
    expect(() => decodeMetricFrame(forged((view) => view.setUint16(12, 65_535, true)))).toThrow(/1000 metric keys/);
  });
});

describe("the codec in a browser", () => {
  it("imports nothing but its own files", () => {
    const folder = new URL("./", import.meta.url);
    const sources = readdirSync(folder).filter((name) => name.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(name));
    expect(sources.length).toBeGreaterThan(8);
    for (const name of sources)
      for (const [, imported] of readFileSync(new URL(name, folder), "utf8").matchAll(/\bfrom "([^"]*)"/g))
        expect(imported, name).toMatch(/^\.\/[a-z0-9-]+\.js$/);
  });

  it("does without what only Node has", () => {
    const frame = randomFrame(seededRandom(4));
    for (const name of ["Buffer", "process", "global", "setImmediate"]) vi.stubGlobal(name, undefined);
    try {
      const text = encodeBase64(encodeMetricFrame(frame));
      expect(bitsOf(decodeMetricFrame(decodeBase64(text)))).toEqual(bitsOf(frame));
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
