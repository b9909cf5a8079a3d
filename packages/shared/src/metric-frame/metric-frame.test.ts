import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { crc32 } from "./crc32.js";
import { decodeMetricFrame } from "./decode-metric-frame.js";
import { encodeMetricFrame } from "./encode-metric-frame.js";
import { float64ColumnFromBase64, float64ColumnToBase64 } from "./float64-column.js";
import type { MetricFrame } from "./metric-frame.js";
import { MetricFrameError } from "./metric-frame-error.js";
import { metricFrameFromJson } from "./metric-frame-from-json.js";
import { randomFrame, seededRandom } from "./random-frame.fixture.js";

const bits = (array: Float64Array) => Array.from(new BigUint64Array(array.slice().buffer));
const bitsOf = ({ steps, times, columns }: MetricFrame) => ({
  steps: bits(steps),
  times: bits(times),
  columns: columns.map(({ key, rows, values }) => ({ key, rows: rows && [...rows], values: bits(values) })),
});
const frameOf = (steps: number[], values: number[], times = steps.map(() => 1)): MetricFrame => ({
  steps: Float64Array.from(steps),
  times: Float64Array.from(times),
  columns: [{ key: "train/loss", rows: null, values: Float64Array.from(values) }],
});

describe("a metric frame on the wire", () => {
  it("gives every bit back, whatever was logged", () => {
    const random = seededRandom(1);
    for (let i = 0; i < 300; i++) {
      const frame = randomFrame(random);
      expect(bitsOf(decodeMetricFrame(encodeMetricFrame(frame)))).toEqual(bitsOf(frame));
    }
  });

  it("keeps NaN payloads, ±Inf and −0", () => {
    const frame = frameOf([0, 1, 2, 3, 4], [Number.NaN, Infinity, -Infinity, -0, 0.1]);
    new BigUint64Array(frame.columns[0]!.values.buffer)[0] = 0x7ff8_0000_dead_beefn;
    expect(bitsOf(decodeMetricFrame(encodeMetricFrame(frame)))).toEqual(bitsOf(frame));
  });

  it("stores what float32 holds exactly in four bytes a value", () => {
    const loss = Array.from({ length: 1000 }, (_, i) => Math.fround(1 / (i + 1)));
    expect(encodeMetricFrame(frameOf([...loss.keys()], loss)).length).toBeLessThan(4 * 1000 + 1000 + 100);
    expect(
      encodeMetricFrame(
        frameOf(
          [...loss.keys()],
          loss.map((v) => v / 3),
        ),
      ).length,
    ).toBeGreaterThan(8 * 1000);
  });

  it("detects every single damaged byte and every truncation", () => {
    const bytes = encodeMetricFrame(frameOf([0, 10, 20], [0.5, 0.25, 0.1]));
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i]! ^= 0x41;
      expect(() => decodeMetricFrame(damaged)).toThrow(MetricFrameError);
      expect(() => decodeMetricFrame(bytes.subarray(0, i))).toThrow(MetricFrameError);
    }
  });

  it("answers arbitrary bytes behind a valid checksum with a MetricFrameError, never with anything else", () => {
    const random = seededRandom(2);
    for (let i = 0; i < 3000; i++) {
      const bytes = encodeMetricFrame(randomFrame(random));
      for (let k = 0; k < 3; k++) bytes[8 + Math.floor(random() * (bytes.length - 8))] = Math.floor(random() * 256);
      new DataView(bytes.buffer).setUint32(4, crc32(bytes.subarray(8)), true);
      try {
        decodeMetricFrame(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(MetricFrameError);
      }
    }
  });

  it("does not believe a claimed size", () => {
    const bytes = encodeMetricFrame(frameOf([0], [1]));
    const view = new DataView(bytes.buffer);
    view.setUint32(8, 0xffffffff, true);
    view.setUint32(4, crc32(bytes.subarray(8)), true);
    expect(() => decodeMetricFrame(bytes)).toThrow(/at most 65536 steps/);
  });
});

describe("rows that a frame claims", () => {
  const claim = (rows: number[]) => {
    const values = Float64Array.from(rows, () => 0.1);
    return { ...frameOf([0, 1, 2], [1, 2, 3]), columns: [{ key: "k", rows: Uint32Array.from(rows), values }] };
  };
  /** The frame of one row with its last bytes replaced, behind a valid checksum. */
  const withRows = (...varints: number[]) => {
    const bytes = encodeMetricFrame(claim([1]));
    const start = bytes.length - 8 - 2;
    const forged = Uint8Array.from([...bytes.subarray(0, start), ...varints, ...bytes.subarray(start + 2)]);
    new DataView(forged.buffer).setUint32(4, crc32(forged.subarray(8)), true);
    return forged;
  };

  it.each([[[3]], [[1, 1]], [[2, 0]]])("%j are refused: outside, twice, descending", (rows) => {
    expect(() => encodeMetricFrame(claim(rows))).toThrow(MetricFrameError);
  });

  it("are not believed on the wire: a huge count, a row beyond the last, a row that would wrap around at 2^32", () => {
    expect([...decodeMetricFrame(withRows(1, 1)).columns[0]!.rows!]).toEqual([1]);
    expect(() => decodeMetricFrame(withRows(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 1))).toThrow(MetricFrameError);
    expect(() => decodeMetricFrame(withRows(1, 3))).toThrow(MetricFrameError);
    expect(() => decodeMetricFrame(withRows(1, 0x81, 0x80, 0x80, 0x80, 0x10))).toThrow(MetricFrameError);
  });
});

describe("the limits of a metric frame", () => {
  const big = Array.from({ length: 65_537 }, (_, i) => i);
  it.each([
    ["65,537 points", frameOf(big, big), "steps", 65_536],
    ["a fractional step", frameOf([0.5], [1]), "steps", Number.MAX_SAFE_INTEGER],
    ["a negative step", frameOf([-1], [1]), "steps", Number.MAX_SAFE_INTEGER],
    ["a step above 2^53−1", frameOf([2 ** 53], [1]), "steps", Number.MAX_SAFE_INTEGER],
    ["fewer values than rows", frameOf([0, 1], [1]), "values", 2],
    ["a time that is no number", frameOf([0], [1], [Number.NaN]), "times", undefined],
    [
      "a key of 257 characters",
      { ...frameOf([0], [1]), columns: [{ key: "k".repeat(257), rows: null, values: Float64Array.of(1) }] },
      "values",
      256,
    ],
    [
      "a key that is no text",
      { ...frameOf([0], [1]), columns: [{ key: "k\ud800", rows: null, values: Float64Array.of(1) }] },
      "values",
      undefined,
    ],
    ...["a/__proto__", "constructor.x", "prototype", "loss\u202egnp", "cafe\u0301"].map(
      (key): [string, MetricFrame, string, undefined] => [
        `the key ${JSON.stringify(key)}`,
        { ...frameOf([0], [1]), columns: [{ key, rows: null, values: Float64Array.of(1) }] },
        "values",
        undefined,
      ],
    ),
    [
      "a key twice",
      { ...frameOf([0], [1]), columns: [...frameOf([0], [1]).columns, ...frameOf([0], [1]).columns] },
      "values",
      undefined,
    ],
    [
      "1,001 keys",
      {
        ...frameOf([0], [1]),
        columns: Array.from({ length: 1001 }, (_, i) => ({ key: `k${i}`, rows: null, values: Float64Array.of(1) })),
      },
      "values",
      1000,
    ],
  ])("refuses %s and names the field and the limit", (_, frame, field, limit) => {
    expect(() => encodeMetricFrame(frame)).toThrow(expect.objectContaining({ name: "MetricFrameError", field, limit }));
  });

  it("accepts exactly 65,536 points and the largest step", () => {
    const steps = Array.from({ length: 65_536 }, (_, i) => Number.MAX_SAFE_INTEGER - i);
    expect(decodeMetricFrame(encodeMetricFrame(frameOf(steps, steps))).steps[65_535]).toBe(
      Number.MAX_SAFE_INTEGER - 65_535,
    );
  });
});

describe("a frame as plain JSON", () => {
  it("reads null as absent and the three words as numbers", () => {
    const frame = metricFrameFromJson(
      { steps: [3, 1], values: { a: [null, "NaN"], b: ["-Infinity", 2], c: [null, null] } },
      77,
    );
    expect([...frame.steps]).toEqual([3, 1]);
    expect([...frame.times]).toEqual([77, 77]);
    expect(frame.columns).toEqual([
      { key: "a", rows: Uint32Array.of(1), values: Float64Array.of(Number.NaN) },
      { key: "b", rows: null, values: Float64Array.of(-Infinity, 2) },
    ]);
  });

  it.each([
    [null, "frame"],
    [{ steps: [0], values: { a: [1] }, extra: 1 }, "frame"],
    [{ steps: "0", values: {} }, "steps"],
    [{ steps: [0], times: [], values: {} }, "times"],
    [{ steps: [0], values: [] }, "values"],
    [{ steps: [0], values: { a: 1 } }, "values"],
    [{ steps: [0], values: { a: [1, 2] } }, "values"],
    [{ steps: [0], values: { a: ["inf"] } }, "values"],
    [{ steps: [0], values: { "": [1] } }, "values"],
    [{ steps: Array(10_001).fill(0), values: {} }, "steps"],
    [{ steps: Array(5_001).fill(0), values: { a: Array(5_001).fill(1), b: Array(5_001).fill(1) } }, "values"],
  ])("refuses %# and names the field", (json, field) => {
    expect(() => metricFrameFromJson(json)).toThrow(expect.objectContaining({ name: "MetricFrameError", field }));
  });
});

describe("base64", () => {
  it("agrees with the platform's for every length", () => {
    const random = seededRandom(3);
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, () => Math.floor(random() * 256));
      const text = encodeBase64(bytes);
      expect(text).toBe(btoa(String.fromCharCode(...bytes)));
      expect(decodeBase64(text)).toEqual(bytes);
    }
  });

  it.each(["A", "AA", "A===", "AA=A", "AA\n=", "é===", "A*=="])("refuses %j", (text) => {
    expect(() => decodeBase64(text)).toThrow(RangeError);
  });

  it("carries a column of float64 little-endian and bit by bit", () => {
    const column = Float64Array.of(1, Number.NaN, -0, Infinity, 0.1);
    expect(bits(float64ColumnFromBase64(float64ColumnToBase64(column)))).toEqual(bits(column));
    expect(float64ColumnToBase64(Float64Array.of(1))).toBe("AAAAAAAA8D8=");
    expect(() => float64ColumnFromBase64("AAAA")).toThrow(/multiple of 8/);
  });
});

it("crc32 gives the check value of the standard", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});
