import { expect, it } from "vitest";
import { f32x4 } from "../assembler/instructions.js";
import { ModuleBuilder } from "../assembler/module-builder.js";
import { webAssembly } from "../webassembly.js";
import { defineGemm, type MultiplyAdd, tile } from "./gemm.js";
import { compileKernels, plainMultiplyAdd } from "./kernel-module.js";

const kinds: [string, MultiplyAdd][] = [
  ["a multiplication and an addition", plainMultiplyAdd],
  // Sets the flag for relaxed SIMD where it is needed; skipped by engines that have none.
  ...(compileKernels().fused ? [["fused multiply-add", f32x4.relaxedMultiplyAdd] as [string, MultiplyAdd]] : []),
];
const addresses = { a: 1 << 16, b: 2 << 16, c: 3 << 16, edge: 4 << 16 };

/** Panels of `width` rows (of A) or columns (of B), each [depth][width], padded with zeros. */
function pack(count: number, depth: number, width: number, at: (index: number, k: number) => number): Float32Array {
  const packed = new Float32Array(Math.ceil(count / width) * width * depth);
  for (let index = 0; index < count; index++) {
    const panel = Math.floor(index / width) * width * depth;
    for (let k = 0; k < depth; k++) packed[panel + k * width + (index % width)] = at(index, k);
  }
  return packed;
}

it.each(kinds)(
  "multiplies packed panels by %s: whole tiles, partial ones, and onto what is there",
  (_, multiplyAdd) => {
    const module = new ModuleBuilder();
    defineGemm(module, multiplyAdd);
    const memory = new webAssembly.Memory({ initial: 8, maximum: 65_536, shared: true });
    const { exports } = new webAssembly.Instance(new webAssembly.Module(module.encode()), {
      env: { memory, thread: 0 },
    });
    const floats = new Float32Array(memory.buffer);
    // Small integers: every order of summation gives the same result.
    const left = (row: number, k: number) => ((row * 7 + k * 3) % 11) - 5;
    const right = (column: number, k: number) => ((column * 5 + k * 2) % 7) - 3;

    for (const [rows, columns, depth] of [
      [4, 8, 1],
      [8, 16, 5],
      [7, 11, 13],
      [1, 1, 3],
    ] as const) {
      floats.set(pack(rows, depth, tile.rows, left), addresses.a / 4);
      floats.set(pack(columns, depth, tile.columns, right), addresses.b / 4);
      const stride = columns + 3;
      const expected = new Float32Array(rows * stride).fill(100);
      floats.set(expected, addresses.c / 4);
      for (const accumulate of [0, 1]) {
        const { a, b, c, edge } = addresses;
        exports.gemm!(a, b, c, rows, columns, depth, 4 * stride, accumulate, edge);
      }
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          for (let k = 0; k < depth; k++) sum += left(row, k) * right(column, k);
          expected[row * stride + column] = 2 * sum;
        }
      }
      // What lies between the rows is not touched.
      expect(floats.slice(addresses.c / 4, addresses.c / 4 + rows * stride)).toEqual(expected);
    }
  },
);
