import type { FunctionBuilder, Local } from "../assembler/function-builder.js";
import { type Int, i32 } from "../assembler/instructions.js";
import type { FunctionReference, ModuleBuilder } from "../assembler/module-builder.js";
import { readFields } from "./descriptor.js";
import { defineGemm, edgeBytes, type Gemm, type MultiplyAdd } from "./gemm.js";
import { definePackLeft, type PackLeft } from "./pack-left.js";
import { definePackRight, type PackRight } from "./pack-right.js";

const blockSignature = { product: "i32", x: "i32", packed: "i32", c: "i32", scratch: "i32", block: "i32" } as const;
type Block = FunctionReference<typeof blockSignature>;

/** Bytes of a thread's scratch area before the packed block of the left factor. */
const leftOffset = edgeBytes;

/**
 * Defines the products: `packRight` (units: panels of columns), then `multiplyRows` or `multiplyColumns` (units: blocks of rows
 * of C), or `multiplyBatch` (units: matrices; packs by itself).
 */
export function defineProducts(module: ModuleBuilder, multiplyAdd: MultiplyAdd): void {
  const gemm = defineGemm(module, multiplyAdd);
  const left = definePackLeft(module);
  const right = definePackRight(module);
  const rowBlock = defineRowBlock(module, gemm, left);
  const columnBlock = defineColumnBlock(module, gemm, left);
  for (const [name, block] of [
    ["multiplyRows", rowBlock],
    ["multiplyColumns", columnBlock],
  ] as const) {
    module.define(name, { product: "i32", begin: "i32", end: "i32" }, (f, { product, begin, end }) => {
      const { x, packed, c, scratch, scratchBytes } = readFields(
        f,
        product,
        "x",
        "packed",
        "c",
        "scratch",
        "scratchBytes",
      );
      const own = f.int(i32.add(scratch, i32.mul(module.thread, scratchBytes)));
      f.for(begin, end, 1, (index) => f.call(block, { product, x, packed, c, scratch: own, block: index }));
    });
  }
  module.define("packRightPanels", { product: "i32", begin: "i32", end: "i32" }, (f, { product, begin, end }) => {
    const { b, packed } = readFields(f, product, "b", "packed");
    f.call(right.range, { product, b, packed, begin, end });
  });
  defineBatch(module, right, rowBlock, columnBlock);
}

const smaller = (f: FunctionBuilder, a: Int, b: Int): Local<"i32"> => f.int(i32.select(a, b, i32.lessThan(a, b)));

/** Rows of C from rows of A: a block of output pixels against all columns. */
function defineRowBlock(module: ModuleBuilder, gemm: Gemm, left: PackLeft): Block {
  return module.define("rowBlock", blockSignature, (f, { product, x, packed, c, scratch, block }) => {
    const d = readFields(f, product, "tapsHigh", "tapsWide", "run", "rows", "columns", "packedColumns", "cRowBytes");
    const limits = readFields(f, product, "tapsPerBlock", "depthPerBlock", "rowsPerBlock", "scatter");
    const row = f.int(i32.mul(block, limits.rowsPerBlock));
    const rows = smaller(f, i32.sub(d.rows, row), limits.rowsPerBlock);
    const taps = f.int(i32.mul(d.tapsHigh, d.tapsWide));
    const a = f.int(i32.add(scratch, leftOffset));
    const depthMost = i32.mul(smaller(f, d.run, limits.depthPerBlock), limits.tapsPerBlock);
    const spare = f.int(i32.add(a, i32.shl(i32.mul(depthMost, i32.and(i32.add(limits.rowsPerBlock, 3), -4)), 2)));
    const rowBytes = f.int(i32.select(i32.shl(d.columns, 2), d.cRowBytes, limits.scatter));
    const target = f.int(i32.select(spare, i32.add(c, i32.mul(row, d.cRowBytes)), limits.scatter));
    const accumulate = f.int(0);
    f.for(0, taps, limits.tapsPerBlock, (tap) => {
      const tapEnd = f.int(i32.add(tap, smaller(f, i32.sub(taps, tap), limits.tapsPerBlock)));
      f.for(0, d.run, limits.depthPerBlock, (first) => {
        const count = smaller(f, i32.sub(d.run, first), limits.depthPerBlock);
        f.call(left.rows, { product, x, row, rows, tap, tapEnd, first, count, target: a });
        f.call(gemm, {
          a,
          b: i32.add(packed, i32.shl(i32.mul(i32.add(i32.mul(tap, d.run), first), d.packedColumns), 2)),
          c: target,
          rows,
          columns: d.columns,
          depth: i32.mul(count, i32.sub(tapEnd, tap)),
          rowBytes,
          accumulate,
          edge: scratch,
        });
        f.set(accumulate, i32.const(1));
      });
    });
    f.when(limits.scatter, () => scatterRows(f, product, c, row, rows, spare));
  });
}

/** Copies the rows of a finished block to their pixels of the image that they are a part of. */
function scatterRows(f: FunctionBuilder, product: Int, c: Int, row: Int, rows: Int, source: Int): void {
  const d = readFields(f, product, "outHeight", "outWidth", "cRowBytes", "columns");
  const s = readFields(f, product, "scatterHeight", "scatterWidth", "scatterStride", "scatterTop", "scatterLeft");
  const bytes = f.int(i32.shl(d.columns, 2));
  const from = f.int(source);
  f.for(0, rows, 1, (index) => {
    const pixel = f.int(i32.add(row, index));
    const line = f.int(i32.divideUnsigned(pixel, d.outWidth));
    const image = f.int(i32.divideUnsigned(line, d.outHeight));
    const y = i32.add(i32.mul(i32.sub(line, i32.mul(image, d.outHeight)), s.scatterStride), s.scatterTop);
    const x = i32.add(i32.mul(i32.sub(pixel, i32.mul(line, d.outWidth)), s.scatterStride), s.scatterLeft);
    const place = i32.add(i32.mul(i32.add(i32.mul(image, s.scatterHeight), y), s.scatterWidth), x);
    f.copy(i32.add(c, i32.mul(place, d.cRowBytes)), from, bytes);
    f.advance(from, bytes);
  });
}

/** Rows of C from columns of A: a block of one tap's floats, summed over all output pixels. */
function defineColumnBlock(module: ModuleBuilder, gemm: Gemm, left: PackLeft): Block {
  return module.define("columnBlock", blockSignature, (f, { product, x, packed, c, scratch, block }) => {
    const d = readFields(f, product, "run", "rows", "columns", "packedColumns", "cRowBytes");
    const { depthPerBlock, rowsPerBlock } = readFields(f, product, "depthPerBlock", "rowsPerBlock");
    const blocksPerTap = f.int(i32.divideUnsigned(i32.add(d.run, i32.sub(rowsPerBlock, 1)), rowsPerBlock));
    const tap = f.int(i32.divideUnsigned(block, blocksPerTap));
    const first = f.int(i32.mul(i32.sub(block, i32.mul(tap, blocksPerTap)), rowsPerBlock));
    const count = smaller(f, i32.sub(d.run, first), rowsPerBlock);
    const a = f.int(i32.add(scratch, leftOffset));
    const target = f.int(i32.add(c, i32.mul(i32.add(i32.mul(tap, d.run), first), d.cRowBytes)));
    f.for(0, d.rows, depthPerBlock, (row) => {
      const depth = smaller(f, i32.sub(d.rows, row), depthPerBlock);
      f.call(left.columns, { product, x, row, rows: depth, tap, first, count, target: a });
      f.call(gemm, {
        a,
        b: i32.add(packed, i32.shl(i32.mul(row, d.packedColumns), 2)),
        c: target,
        rows: count,
        columns: d.columns,
        depth,
        rowBytes: d.cRowBytes,
        accumulate: i32.lessThan(0, row),
        edge: scratch,
      });
    });
  });
}

/** Many small products of one shape: each thread packs the right factors of its matrices into its own scratch area. */
function defineBatch(module: ModuleBuilder, right: PackRight, rowBlock: Block, columnBlock: Block): void {
  module.define("multiplyBatch", { product: "i32", begin: "i32", end: "i32" }, (f, { product, begin, end }) => {
    const d = readFields(
      f,
      product,
      "x",
      "b",
      "c",
      "xBatchBytes",
      "bBatchBytes",
      "cBatchBytes",
      "scratch",
      "scratchBytes",
    );
    const { rows, run, rowsPerBlock, packedColumns, transposed, packed } = readFields(
      f,
      product,
      "rows",
      "run",
      "rowsPerBlock",
      "packedColumns",
      "transposed",
      "packed",
    );
    const scratch = f.int(i32.add(d.scratch, i32.mul(module.thread, d.scratchBytes)));
    // Here `packed` is the place within the scratch area.
    const panels = f.int(i32.add(scratch, packed));
    const extent = f.int(i32.select(run, rows, transposed));
    const blocks = f.int(i32.divideUnsigned(i32.add(extent, i32.sub(rowsPerBlock, 1)), rowsPerBlock));
    f.for(begin, end, 1, (matrix) => {
      const x = f.int(i32.add(d.x, i32.mul(matrix, d.xBatchBytes)));
      const c = f.int(i32.add(d.c, i32.mul(matrix, d.cBatchBytes)));
      f.call(right.range, {
        product,
        b: i32.add(d.b, i32.mul(matrix, d.bBatchBytes)),
        packed: panels,
        begin: 0,
        end: i32.divideUnsigned(packedColumns, 8),
      });
      f.for(0, blocks, 1, (block) => {
        const place = { product, x, packed: panels, c, scratch, block };
        f.when(
          transposed,
          () => f.call(columnBlock, place),
          () => f.call(rowBlock, place),
        );
      });
    });
  });
}
