import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHUNK_POINTS, encodeAxis, encodeValues } from "./chunk-codec.js";
import { DamagedBlockError, decodeColumns, encodeColumns } from "./column-codec.js";

const bits = (column: Float64Array) => [...new BigUint64Array(column.buffer, column.byteOffset, column.length)];

/** What metrics hold: whole numbers, decimals, float32, anything at all; regular, repeated, far apart. */
const value = fc.oneof(
  fc.integer({ min: 0, max: 1_000 }),
  fc.maxSafeInteger(),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((whole) => whole / 10_000),
  fc.float(),
  fc.double(),
  fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE),
);
const column = (length: number) =>
  fc.oneof(
    fc.array(value, { minLength: length, maxLength: length }),
    fc.tuple(value, value).map(([first, stride]) => Array.from({ length }, (_, i) => first + i * stride)),
    value.map((constant) => Array.from({ length }, () => constant)),
  );
const columns = fc
  .tuple(fc.constantFrom(1, 2, 3, 17, CHUNK_POINTS), fc.integer({ min: 1, max: 4 }))
  .chain(([length, count]) =>
    fc.tuple(...Array.from({ length: count }, () => column(length).map((numbers) => Float64Array.from(numbers)))),
  );

describe("columns come back bit by bit", () => {
  it("whatever they hold, deflated or not", () => {
    fc.assert(
      fc.property(columns, fc.boolean(), (some, deflate) => {
        const back = decodeColumns(encodeColumns(some, { deflate }), some.length);
        expect(back.map(bits)).toEqual(some.map(bits));
      }),
      { numRuns: 500, seed: 11 },
    );
  });

  it("some of them as well as all of them, whatever the others hold", () => {
    fc.assert(
      fc.property(columns, fc.nat({ max: 15 }), (some, mask) => {
        const wanted = [...some.keys()].filter((at) => (mask >> at) & 1);
        const found = decodeColumns(encodeColumns(some), some.length, wanted);
        expect(found.map(bits)).toEqual(wanted.map((at) => bits(some[at]!)));
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it("also the payload of a NaN, alone and among others", () => {
    const payload = Float64Array.from([1, 0, 2]);
    new BigUint64Array(payload.buffer)[1] = 0x7ff8_0000_dead_beefn;
    expect(bits(decodeColumns(encodeColumns([payload]), 1)[0]!)).toEqual(bits(payload));
    expect(bits(decodeColumns(encodeColumns([payload.subarray(1, 2)]), 1)[0]!)).toEqual(bits(payload.slice(1, 2)));
  });
});

describe("a damaged block", () => {
  it("is told from a whole one by any flipped bit and any cut", () => {
    const block = encodeColumns([Float64Array.from({ length: 100 }, (_, i) => Math.sin(i))]);
    for (let at = 0; at < block.length; at++) {
      const flipped = Buffer.from(block);
      flipped[at]! ^= 1 << (at % 8);
      expect(() => decodeColumns(flipped, 1)).toThrow(DamagedBlockError);
      expect(() => decodeColumns(block.subarray(0, at), 1)).toThrow(DamagedBlockError);
    }
    expect(() => decodeColumns(block, 2)).toThrow(DamagedBlockError);
  });
});

describe("a full chunk is small", () => {
  const i = Float64Array.from({ length: CHUNK_POINTS }, (_, at) => at);
  const random = mulberry(5);

  it("of float32 noise: five a page of 8 kB, and with their own jittering times in a row of 2 kB", () => {
    const values = encodeValues(i.map((at) => Math.fround(Math.exp(-at / 900) + 0.05 * random())));
    const times = i.map((at) => 1_764_000_000_000 + at * 480 + Math.floor(random() * 40));
    const axis = encodeAxis({ steps: i, times, arrivals: i.map((at) => at + 1) });
    expect(values.length).toBeLessThan(1_450);
    expect(values.length + axis.length).toBeLessThan(1_850);
  });

  it("of decimals: 2 bytes; of whole numbers: 1; of one number: next to nothing", () => {
    expect(encodeValues(i.map(() => Math.round(random() * 10_000) / 10_000)).length / CHUNK_POINTS).toBeLessThan(2.1);
    expect(encodeValues(i.map(() => Math.round(90 + 10 * random()))).length / CHUNK_POINTS).toBeLessThan(1);
    expect(encodeValues(i.map(() => 0.1)).length).toBeLessThan(20);
  });
});

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
