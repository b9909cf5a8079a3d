import type { FunctionBuilder, Local } from "../assembler/function-builder.js";
import { type Expression, type Int, i32 } from "../assembler/instructions.js";
import type { ModuleBuilder } from "../assembler/module-builder.js";
import { channelsPerUnit, forChannels, type Lanes } from "./lanes.js";

/** Rows summed before they are added to the total: keeps the rounding error of long sums near that of short ones. */
const rowsPerChunk = 64;

/**
 * Sums over rows for the channels of one unit. `terms` gives, for register `index` at byte offset `offset` of the row, what is
 * added to each of its sums. Returns the totals, [sum][register].
 */
export function sumRows<Type extends "f32" | "v128">(
  f: FunctionBuilder,
  lanes: Lanes<Type>,
  { vectors, rows, rowBytes, offset }: { vectors: number; rows: Int; rowBytes: Int; offset: Int },
  sums: number,
  terms: (position: Local<"i32">, register: number) => readonly Expression<Type>[],
): readonly (readonly Local<Type>[])[] {
  const declare = () => Array.from({ length: sums }, () => Array.from({ length: vectors }, () => f.local(lanes.type)));
  const totals = declare();
  const partial = declare();
  const clear = (set: readonly (readonly Local<Type>[])[]) => {
    for (const sum of set) for (const register of sum) f.set(register, lanes.zero());
  };
  clear(totals);
  const position = f.int(offset);
  f.for(0, rows, rowsPerChunk, (row) => {
    clear(partial);
    const left = f.int(i32.sub(rows, row));
    f.for(0, f.int(i32.select(left, rowsPerChunk, i32.lessThan(left, rowsPerChunk))), 1, () => {
      for (let register = 0; register < vectors; register++) {
        terms(position, register).forEach((term, sum) => {
          const target = partial[sum]![register]!;
          f.set(target, lanes.add(target, term));
        });
      }
      f.advance(position, rowBytes);
    });
    totals.forEach((sum, index) => {
      sum.forEach((register, vector) => {
        f.set(register, lanes.add(register, partial[index]![vector]!));
      });
    });
  });
  return totals;
}

/** Defines sums over the rows of matrices: bias gradients, sums over the batch, global average pooling and its gradient. */
export function defineColumnSums(module: ModuleBuilder): void {
  // x[groups, rows, channels] -> y[groups, channels] = factor · Σ over rows; a unit is 16 channels of a group
  module.define(
    "columnSums",
    { x: "i32", y: "i32", rows: "i32", channels: "i32", factor: "f32", begin: "i32", end: "i32" },
    (f, { x, y, rows, channels, factor, begin, end }) => {
      const unitsPerGroup = f.int(
        i32.divideUnsigned(i32.add(channels, channelsPerUnit - 1), i32.const(channelsPerUnit)),
      );
      const rowBytes = f.int(i32.shl(channels, 2));
      f.for(begin, end, 1, (unit) => {
        const group = f.int(i32.divideUnsigned(unit, unitsPerGroup));
        const first = f.int(i32.sub(unit, i32.mul(group, unitsPerGroup)));
        const source = f.int(i32.add(x, i32.mul(group, i32.mul(rows, rowBytes))));
        const target = f.int(i32.add(y, i32.mul(group, rowBytes)));
        forChannels(f, { begin: first, end: f.int(i32.add(first, 1)), channels }, (lanes, vectors, offset) => {
          const place = { vectors, rows, rowBytes, offset: i32.add(source, offset) };
          const [sums] = sumRows(f, lanes, place, 1, (position, register) => [lanes.load(position, 16 * register)]);
          sums!.forEach((sum, register) => {
            lanes.store(f, i32.add(target, offset), lanes.mul(sum, lanes.splat(factor)), 16 * register);
          });
        });
      });
    },
  );
}
