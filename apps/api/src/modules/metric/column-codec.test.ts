import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHUNK_POINTS, encodeAxis, encodeValues } from "./chunk-codec.js";
import { decodeColumns, encodeColumns } from "./column-codec.js";
import { DamagedBlockError } from "./damaged-block-error.js";

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
    // Noise in the lowest bytes alone, and curves that are smooth to the last digit.
    fc.tuple(fc.integer(), fc.constantFrom(1, 1e-4, Math.PI)).map(([seed, scale]) => {
      const random = mulberry(seed);
      return Array.from({ length }, () => Math.fround(1 + scale * random()));
    }),
    fc.tuple(fc.integer(), fc.constantFrom(4, 9, 52)).map(([seed, digits]) => {
      const random = mulberry(seed);
      return Array.from({ length }, () => Number((1 + random()).toFixed(Math.min(digits, 20))));
    }),
    fc
      .double({ min: 0.01, max: 3, noNaN: true })
      .map((width) => Array.from({ length }, (_, i) => Math.fround(1e-3 * Math.cos((i / length) * width)))),
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

describe("a block of the format before", () => {
  it("is read as it was written: nothing of it is plain", () => {
    const block = [
      "nGbeDIIFKAAAAAMBBAUCY1iy/fB5gR63qUY/Ym4oFbkIqG7OPCEg+vyPBQef1sslbL6W3w9ZvJrvzZB1vHFvDb+BG6PL/xiFGZUZcg6V2/RZF1",
      "5uN7+65fH7e1q/Cq2e7tu7myE8Q8CxtF+j9jJ3Pef1WrXJZQ6SmWGCEensziVdmjXneOvZb9eqTC9jsLe3279/H5jcb2dvv28/iNwDE9pnDxVi",
      "QAEqDhAuB4R26D9wgcWDK4plxa2wyIVvTIoLP2hdrTnacITh8oTj+UdU/zRVa92enpDxdPFndjYmBkZWdjZmBgZmdnYWBgYmNnZWRrAQEwMDCz",
      "s7SIINJEFtcHYVwwq9V2cZgk1Wffa8xcB+8+eK1uViegzfGl597j989sMiXQbLyC4GBmsfhi+KP6wZovN9Iu39GN7m+H6RC2NRZNC3/HFz6UHr",
      "C4sPMdxhu8zAUB/BMJ3zUj3Drb8RiRn+DOvvp0wXDSnnZBByurTCLKM+afNkhuTvUQwMaS8YZousTGOwmvzCRXAjQ9oZk9k7I0tFGOL1Vi65xJ",
      "q2kPciw2aVgwwM86oYyvvq5zFEFFVpv7rHwF/WXN73510fQ+qd+oy1KfPyngow7I95wMCwYBvD4xlaCxh8OrbdePeboe5H/uOQQ3ozGFJPaHW9",
      "cF3wK2gVQ8iKXwwfvv1mYGRmZePg5OLm4eUTEBAQFBQSEhYWERERFRUVExMTF5eQkJBgsLe3dyACwGKDkZmVnZObl19QWFRcUlpWXlFZVV1TW1",
      "ff0NjU3NLa1t7R2dXd09sXppyuNAA=",
    ].join("");
    const written = [
      Math.sin,
      (x: number) => 10 * x,
      (x: number) => Math.round(1e3 * Math.cos(x)) / 1e3,
      Math.sqrt,
      (x: number) => x * x,
    ];
    const columns = written.map((of, at) =>
      Float64Array.from({ length: 40 }, (_, i) => (at === 0 ? Math.fround(of(i)) : of(i))),
    );
    expect(decodeColumns(Buffer.from(block, "base64"), 5).map(bits)).toEqual(columns.map(bits));
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
    expect(values.length).toBeLessThan(1_330);
    expect(values.length + axis.length).toBeLessThan(1_700);
  });

  it("of a learning rate: 2 bytes a point, as the changes of its digits are few", () => {
    const values = encodeValues(i.map((at) => Math.fround(1e-3 * Math.cos(at / 640))));
    expect(values.length / CHUNK_POINTS).toBeLessThan(2);
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
