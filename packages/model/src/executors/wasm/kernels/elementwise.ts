import type { FunctionBuilder } from "../assembler/function-builder.js";
import { f32x4, type Int, i32, type Vector } from "../assembler/instructions.js";
import type { ModuleBuilder } from "../assembler/module-builder.js";
import { forFloats, RunningSum } from "./lanes.js";

/** Floats of a unit. Every buffer is padded to whole units, so that the last one may be worked on in full. */
export const floatsPerUnit = 16;

/** Walks over units in vectors; the offset is in bytes. */
export function forUnits(f: FunctionBuilder, begin: Int, end: Int, body: (offset: Int) => void): void {
  const offset = f.int(i32.mul(begin, 4 * floatsPerUnit));
  const last = f.int(i32.mul(end, 4 * floatsPerUnit));
  f.while(i32.lessThanUnsigned(offset, last), () => {
    body(offset);
    f.advance(offset, 16);
  });
}

/** Floats whose squares one unit of `sumOfSquares` adds. */
export const floatsPerSquareSum = 4096;

/** Defines the operations that treat every element alike, and the sum of squares. */
export function defineElementwise(module: ModuleBuilder): void {
  const range = { begin: "i32", end: "i32" } as const;

  module.define("relu", { x: "i32", y: "i32", ...range }, (f, { x, y, begin, end }) => {
    forUnits(f, begin, end, (offset) => {
      f.storeVector(i32.add(y, offset), f32x4.max(f32x4.load(i32.add(x, offset)), f32x4.const(0)));
    });
  });

  module.define("reluGrad", { dy: "i32", y: "i32", dx: "i32", ...range }, (f, { dy, y, dx, begin, end }) => {
    forUnits(f, begin, end, (offset) => {
      const positive = f32x4.greaterThan(f32x4.load(i32.add(y, offset)), f32x4.const(0));
      f.storeVector(i32.add(dx, offset), f32x4.and(f32x4.load(i32.add(dy, offset)), positive));
    });
  });

  module.define("add", { a: "i32", b: "i32", y: "i32", ...range }, (f, { a, b, y, begin, end }) => {
    forUnits(f, begin, end, (offset) => {
      f.storeVector(i32.add(y, offset), f32x4.add(f32x4.load(i32.add(a, offset)), f32x4.load(i32.add(b, offset))));
    });
  });

  module.define("scale", { x: "i32", y: "i32", factor: "f32", ...range }, (f, { x, y, factor, begin, end }) => {
    const factors: Vector = f.local("v128", f32x4.splat(factor));
    forUnits(f, begin, end, (offset) => {
      f.storeVector(i32.add(y, offset), f32x4.mul(f32x4.load(i32.add(x, offset)), factors));
    });
  });

  // x[rows, length] + row[length]; a unit is a row
  module.define(
    "addRow",
    { x: "i32", row: "i32", y: "i32", length: "i32", ...range },
    (f, { x, row, y, length, begin, end }) => {
      const bytes = f.int(i32.shl(length, 2));
      f.for(begin, end, 1, (index) => {
        const source = f.int(i32.add(x, i32.mul(index, bytes)));
        const target = f.int(i32.add(y, i32.mul(index, bytes)));
        forFloats(f, length, (lanes, offset) => {
          const sum = lanes.add(lanes.load(i32.add(source, offset)), lanes.load(i32.add(row, offset)));
          lanes.store(f, i32.add(target, offset), sum);
        });
      });
    },
  );

  // y[rows, length] = factor · x[rows / repeat, length], each row `repeat` times; a unit is a row of y
  module.define(
    "repeatRows",
    { x: "i32", y: "i32", length: "i32", repeat: "i32", factor: "f32", ...range },
    (f, { x, y, length, repeat, factor, begin, end }) => {
      const bytes = f.int(i32.shl(length, 2));
      f.for(begin, end, 1, (index) => {
        const source = f.int(i32.add(x, i32.mul(i32.divideUnsigned(index, repeat), bytes)));
        const target = f.int(i32.add(y, i32.mul(index, bytes)));
        forFloats(f, length, (lanes, offset) => {
          const value = lanes.mul(lanes.load(i32.add(source, offset)), lanes.splat(factor));
          lanes.store(f, i32.add(target, offset), value);
        });
      });
    },
  );

  // sums[unit] = Σ x² over 4,096 floats
  module.define(
    "sumOfSquares",
    { x: "i32", count: "i32", sums: "i32", ...range },
    (f, { x, count, sums, begin, end }) => {
      const total = new RunningSum(f);
      f.for(begin, end, 1, (unit) => {
        const first = f.int(i32.mul(unit, floatsPerSquareSum));
        const left = f.int(i32.sub(count, first));
        const length = f.int(i32.select(left, floatsPerSquareSum, i32.lessThan(left, floatsPerSquareSum)));
        const source = f.int(i32.add(x, i32.shl(first, 2)));
        total.clear();
        forFloats(f, length, (lanes, offset) => {
          const value = f.local(lanes.type, lanes.load(i32.add(source, offset)));
          total.add(lanes, lanes.mul(value, value));
        });
        f.storeFloat(i32.add(sums, i32.shl(unit, 2)), total.total());
      });
    },
  );
}
