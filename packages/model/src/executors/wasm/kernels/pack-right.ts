import type { FunctionBuilder } from "../assembler/function-builder.js";
import { f32, f32x4, type Int, i32 } from "../assembler/instructions.js";
import type { FunctionReference, ModuleBuilder } from "../assembler/module-builder.js";
import { readFields } from "./descriptor.js";
import { tile } from "./gemm.js";
import { storeTransposed } from "./pack-left.js";

const panelSignature = {
  source: "i32",
  rowBytes: "i32",
  depth: "i32",
  columnsLeft: "i32",
  target: "i32",
} as const;

const rangeSignature = { product: "i32", b: "i32", packed: "i32", begin: "i32", end: "i32" } as const;

/** The packer of the right factor. */
export interface PackRight {
  /** Packs the panels begin … end of all blocks of depth. */
  readonly range: FunctionReference<typeof rangeSignature>;
}

/** Defines how the right factor of a product is packed into panels [depth][8], block of depth by block. */
export function definePackRight(module: ModuleBuilder): PackRight {
  const plain = module.define("packPanel", panelSignature, (f, { source, rowBytes, depth, columnsLeft, target }) => {
    const from = f.int(source);
    const to = f.int(target);
    f.when(
      i32.lessThan(columnsLeft, tile.columns),
      () => packNarrow(f, { depth, columnsLeft, from, to }, () => f.advance(from, rowBytes), 4),
      () =>
        f.for(0, depth, 1, () => {
          f.storeVector(to, f32x4.load(from));
          f.storeVector(to, f32x4.load(from, 16), 16);
          f.advance(from, rowBytes);
          f.advance(to, 4 * tile.columns);
        }),
    );
  });
  const transposed = module.define(
    "packTransposedPanel",
    panelSignature,
    (f, { source, rowBytes, depth, columnsLeft, target }) => {
      const from = f.int(source);
      const to = f.int(target);
      const whole = f.int(i32.select(i32.and(depth, -4), 0, i32.lessThan(tile.columns - 1, columnsLeft)));
      const rows = Array.from({ length: tile.columns }, () => f.local("v128"));
      f.for(0, whole, 4, () => {
        const address = f.int(from);
        for (const row of rows) {
          f.set(row, f32x4.load(address));
          f.advance(address, rowBytes);
        }
        storeTransposed(f, rows.slice(0, 4), to, 32);
        storeTransposed(f, rows.slice(4), i32.add(to, 16), 32);
        f.advance(from, 16);
        f.advance(to, 128);
      });
      const rest = f.int(i32.sub(depth, whole));
      packNarrow(f, { depth: rest, columnsLeft, from, to }, () => f.advance(from, 4), rowBytes);
    },
  );
  return { range: definePackRange(module, plain, transposed) };
}

/** Float by float, zeros beyond the last column. */
function packNarrow(
  f: FunctionBuilder,
  { depth, columnsLeft, from, to }: Readonly<Record<"depth" | "columnsLeft" | "from" | "to", Int>>,
  nextRow: () => void,
  columnBytes: Int | number,
): void {
  const target = f.int(to);
  f.for(0, depth, 1, () => {
    const address = f.int(from);
    f.for(0, i32.const(tile.columns), 1, (column) => {
      f.when(
        i32.lessThan(column, columnsLeft),
        () => f.storeFloat(target, f32.load(address)),
        () => f.storeFloat(target, f32.const(0)),
      );
      f.advance(address, columnBytes);
      f.advance(target, 4);
    });
    nextRow();
  });
}

function definePackRange(
  module: ModuleBuilder,
  plain: FunctionReference<typeof panelSignature>,
  transposed: FunctionReference<typeof panelSignature>,
): PackRight["range"] {
  return module.define("packRight", rangeSignature, (f, { product, b, packed, begin, end }) => {
    const d = readFields(f, product, "bTapHigh", "bTapWide", "bRowBytes", "bTransposed", "bTaps", "bTapsWide", "bRun");
    const { columns, packedColumns, tapsPerBlock, depthPerBlock } = readFields(
      f,
      product,
      "columns",
      "packedColumns",
      "tapsPerBlock",
      "depthPerBlock",
    );
    f.for(0, d.bTaps, tapsPerBlock, (tap) => {
      const tapsLeft = f.int(i32.sub(d.bTaps, tap));
      const taps = f.int(i32.select(tapsLeft, tapsPerBlock, i32.lessThan(tapsLeft, tapsPerBlock)));
      f.for(0, d.bRun, depthPerBlock, (first) => {
        const left = f.int(i32.sub(d.bRun, first));
        const run = f.int(i32.select(left, depthPerBlock, i32.lessThan(left, depthPerBlock)));
        const depth = f.int(i32.mul(taps, run));
        const block = f.int(i32.add(packed, i32.shl(i32.mul(i32.add(i32.mul(tap, d.bRun), first), packedColumns), 2)));
        f.for(begin, end, 1, (panel) => {
          const target = f.int(i32.add(block, i32.mul(panel, i32.mul(depth, 4 * tile.columns))));
          const columnsLeft = f.int(i32.sub(columns, i32.mul(panel, tile.columns)));
          f.for(0, taps, 1, (turn) => {
            const index = f.int(i32.add(tap, turn));
            const high = f.int(i32.divideUnsigned(index, d.bTapsWide));
            const wide = i32.sub(index, i32.mul(high, d.bTapsWide));
            const source = f.int(i32.add(b, i32.add(i32.mul(high, d.bTapHigh), i32.mul(wide, d.bTapWide))));
            const place = { rowBytes: d.bRowBytes, depth: run, columnsLeft, target };
            f.when(
              d.bTransposed,
              () =>
                f.call(transposed, {
                  ...place,
                  source: i32.add(
                    source,
                    i32.add(i32.mul(i32.mul(panel, tile.columns), d.bRowBytes), i32.shl(first, 2)),
                  ),
                }),
              () =>
                f.call(plain, {
                  ...place,
                  source: i32.add(source, i32.add(i32.mul(first, d.bRowBytes), i32.mul(panel, 4 * tile.columns))),
                }),
            );
            f.advance(target, i32.mul(run, 4 * tile.columns));
          });
        });
      });
    });
  });
}
