import type { FunctionBuilder, Local } from "../assembler/function-builder.js";
import { f32, f32x4, type Int, i32, type Vector } from "../assembler/instructions.js";
import type { FunctionReference, ModuleBuilder } from "../assembler/module-builder.js";

/**
 * The block of C that lives in registers during the innermost loop. 8 sums, 2 vectors of B and 1 of A leave room in the 15
 * registers that V8 has on x86-64; 5 × 8 and 6 × 8 spill and run at half the speed.
 */
export const tile = { rows: 4, columns: 8 } as const;

/** Room for one tile in bytes. */
export const edgeBytes = 4 * tile.rows * tile.columns;

const signature = {
  a: "i32",
  b: "i32",
  c: "i32",
  rows: "i32",
  columns: "i32",
  depth: "i32",
  rowBytes: "i32",
  accumulate: "i32",
  edge: "i32",
} as const;

export type Gemm = FunctionReference<typeof signature>;

/**
 * Defines `gemm`: C[rows, columns] (+)= A·B with both factors packed: A as panels of `tile.rows` rows, each panel [depth][tile.rows];
 * B as panels of `tile.columns` columns, each [depth][tile.columns]; both padded to whole panels. `edge` is room for one tile.
 * `rowBytes` is the distance of C's rows in bytes.
 */
export function defineGemm(module: ModuleBuilder, multiplyAdd: MultiplyAdd): Gemm {
  return module.define("gemm", signature, (f, { a, b, c, rows, columns, depth, rowBytes, accumulate, edge }) => {
    const sums = Array.from({ length: tile.rows }, () => [f.local("v128"), f.local("v128")] as const);
    const bPanel = f.int(b);
    f.for(0, columns, tile.columns, (column) => {
      const aPanel = f.int(a);
      f.for(0, rows, tile.rows, (row) => {
        const target = f.int(i32.add(c, i32.add(i32.mul(row, rowBytes), i32.shl(column, 2))));
        const whole = f.int(
          i32.and(
            i32.lessThan(i32.add(row, tile.rows - 1), rows),
            i32.lessThan(i32.add(column, tile.columns - 1), columns),
          ),
        );
        for (const pair of sums) for (const sum of pair) f.set(sum, f32x4.const(0));
        f.when(i32.and(whole, accumulate), () => {
          const address = f.int(target);
          for (const [left, right] of sums) {
            f.set(left, f32x4.load(address));
            f.set(right, f32x4.load(address, 16));
            f.advance(address, rowBytes);
          }
        });
        multiplyPanels(f, multiplyAdd, sums, aPanel, bPanel, depth);
        const address = f.int(i32.select(target, edge, whole));
        const step = f.int(i32.select(rowBytes, 4 * tile.columns, whole));
        for (const [left, right] of sums) {
          f.storeVector(address, left);
          f.storeVector(address, right, 16);
          f.advance(address, step);
        }
        f.when(i32.equal(whole, 0), () =>
          copyEdge(f, { target, rowBytes, edge, accumulate }, i32.sub(rows, row), i32.sub(columns, column)),
        );
        f.advance(aPanel, i32.mul(depth, 4 * tile.rows));
      });
      f.advance(bPanel, i32.mul(depth, 4 * tile.columns));
    });
  });
}

export type MultiplyAdd = (a: Vector, b: Vector, c: Vector) => Vector;

function multiplyPanels(
  f: FunctionBuilder,
  multiplyAdd: MultiplyAdd,
  sums: readonly (readonly [Local<"v128">, Local<"v128">])[],
  aPanel: Int,
  bPanel: Int,
  depth: Int,
): void {
  const aAddress = f.int(aPanel);
  const bAddress = f.int(bPanel);
  const end = f.int(i32.add(aPanel, i32.mul(depth, 4 * tile.rows)));
  const left = f.local("v128");
  const right = f.local("v128");
  const factor = f.local("v128");
  // Not unrolled: V8 schedules all loads of an unrolled body first, runs out of registers and halves the speed.
  f.while(i32.lessThanUnsigned(aAddress, end), () => {
    f.set(left, f32x4.load(bAddress));
    f.set(right, f32x4.load(bAddress, 16));
    sums.forEach((pair, row) => {
      f.set(factor, f32x4.loadSplat(aAddress, 4 * row));
      f.set(pair[0], multiplyAdd(factor, left, pair[0]));
      f.set(pair[1], multiplyAdd(factor, right, pair[1]));
    });
    f.advance(aAddress, 4 * tile.rows);
    f.advance(bAddress, 4 * tile.columns);
  });
}

function copyEdge(
  f: FunctionBuilder,
  { target, rowBytes, edge, accumulate }: { target: Int; rowBytes: Int; edge: Int; accumulate: Int },
  rowsLeft: Int,
  columnsLeft: Int,
): void {
  const rows = f.int(i32.select(rowsLeft, tile.rows, i32.lessThan(rowsLeft, tile.rows)));
  const columns = f.int(i32.select(columnsLeft, tile.columns, i32.lessThan(columnsLeft, tile.columns)));
  f.for(0, rows, 1, (row) => {
    const source = f.int(i32.add(edge, i32.mul(row, 4 * tile.columns)));
    const destination = f.int(i32.add(target, i32.mul(row, rowBytes)));
    f.for(0, columns, 1, () => {
      f.when(
        accumulate,
        () => f.storeFloat(destination, f32.add(f32.load(destination), f32.load(source))),
        () => f.storeFloat(destination, f32.load(source)),
      );
      f.advance(source, 4);
      f.advance(destination, 4);
    });
  });
}
