import type { FunctionBuilder, Local } from "../assembler/function-builder.js";
import { f32, f32x4, type Int, i32 } from "../assembler/instructions.js";
import type { FunctionReference, ModuleBuilder } from "../assembler/module-builder.js";
import { readFields } from "./descriptor.js";
import { tile } from "./gemm.js";

const rowsSignature = {
  product: "i32",
  x: "i32",
  row: "i32",
  rows: "i32",
  tap: "i32",
  tapEnd: "i32",
  first: "i32",
  count: "i32",
  target: "i32",
} as const;

const columnsSignature = {
  product: "i32",
  x: "i32",
  row: "i32",
  rows: "i32",
  tap: "i32",
  first: "i32",
  count: "i32",
  target: "i32",
} as const;

/** The two packers of the left factor. */
export interface PackLeft {
  readonly rows: FunctionReference<typeof rowsSignature>;
  readonly columns: FunctionReference<typeof columnsSignature>;
}

/** Where the window of one output pixel begins: the image's address and the pixel of tap (0, 0), perhaps outside. */
interface Origin {
  readonly image: Local<"i32">;
  readonly top: Local<"i32">;
  readonly left: Local<"i32">;
  readonly inside: Local<"i32">;
}

type Geometry = ReturnType<typeof readGeometry>;

function readGeometry(f: FunctionBuilder, product: Int) {
  return readFields(
    f,
    product,
    "height",
    "width",
    "pixelBytes",
    "outHeight",
    "outWidth",
    "stride",
    "padTop",
    "padLeft",
    "tapsWide",
    "zeros",
  );
}

function declareOrigin(f: FunctionBuilder): Origin {
  return { image: f.int(0), top: f.int(0), left: f.int(0), inside: f.int(0) };
}

function locate(f: FunctionBuilder, g: Geometry, x: Int, pixel: Int, origin: Origin): void {
  const row = f.int(i32.divideUnsigned(pixel, g.outWidth));
  const image = f.int(i32.divideUnsigned(row, g.outHeight));
  f.set(origin.left, i32.sub(i32.mul(i32.sub(pixel, i32.mul(row, g.outWidth)), g.stride), g.padLeft));
  f.set(origin.top, i32.sub(i32.mul(i32.sub(row, i32.mul(image, g.outHeight)), g.stride), g.padTop));
  f.set(origin.image, i32.add(x, i32.mul(image, i32.mul(g.height, i32.mul(g.width, g.pixelBytes)))));
}

/** The address of float `first` of a tap's run; of zeros where the tap lies outside the image or the row does not exist. */
function tapAddress(g: Geometry, origin: Origin, high: Int, wide: Int, first: Int): Int {
  const y = i32.add(origin.top, high);
  const x = i32.add(origin.left, wide);
  const inside = i32.and(i32.and(i32.lessThanUnsigned(y, g.height), i32.lessThanUnsigned(x, g.width)), origin.inside);
  const pixel = i32.add(origin.image, i32.mul(i32.add(i32.mul(y, g.width), x), g.pixelBytes));
  return i32.select(i32.add(pixel, i32.shl(first, 2)), g.zeros, inside);
}

/** Defines how the left factor of a product is packed into panels [depth][4], from its rows and from its columns. */
export function definePackLeft(module: ModuleBuilder): PackLeft {
  return { rows: definePackRows(module), columns: definePackColumns(module) };
}

/** Packs output pixels row … row + rows; depth is the taps tap … tapEnd, of each the floats first … first + count. */
function definePackRows(module: ModuleBuilder): PackLeft["rows"] {
  return module.define("packRows", rowsSignature, (f, { product, x, row, rows, tap, tapEnd, first, count, target }) => {
    const g = readGeometry(f, product);
    const origins = Array.from({ length: tile.rows }, () => declareOrigin(f));
    const sources = origins.map(() => f.int(0));
    const vectors = origins.map(() => f.local("v128"));
    const whole = f.int(i32.and(count, -4));
    const out = f.int(target);
    f.for(0, rows, tile.rows, (panel) => {
      origins.forEach((origin, lane) => {
        locate(f, g, x, i32.add(row, i32.add(panel, lane)), origin);
        f.set(origin.inside, i32.lessThan(i32.add(panel, lane), rows));
      });
      f.for(tap, tapEnd, 1, (index) => {
        const high = f.int(i32.divideUnsigned(index, g.tapsWide));
        const wide = f.int(i32.sub(index, i32.mul(high, g.tapsWide)));
        sources.forEach((source, lane) => {
          f.set(source, tapAddress(g, origins[lane]!, high, wide, first));
        });
        f.for(0, whole, 4, () => {
          vectors.forEach((vector, lane) => {
            f.set(vector, f32x4.load(sources[lane]!));
          });
          storeTransposed(f, vectors, out);
          f.advance(out, 64);
          for (const source of sources) f.advance(source, 16);
        });
        f.for(whole, count, 1, () => {
          sources.forEach((source, lane) => {
            f.storeFloat(out, f32.load(source), 4 * lane);
            f.advance(source, 4);
          });
          f.advance(out, 16);
        });
      });
    });
  });
}

/** Stores the transpose of a 4 × 4 block whose rows are `rows`. */
export function storeTransposed(f: FunctionBuilder, rows: readonly Local<"v128">[], target: Int, rowBytes = 16): void {
  const [a, b, c, d] = rows as [Local<"v128">, Local<"v128">, Local<"v128">, Local<"v128">];
  const lowAb = f.local("v128", f32x4.shuffle(a, b, [0, 4, 1, 5]));
  const highAb = f.local("v128", f32x4.shuffle(a, b, [2, 6, 3, 7]));
  const lowCd = f.local("v128", f32x4.shuffle(c, d, [0, 4, 1, 5]));
  const highCd = f.local("v128", f32x4.shuffle(c, d, [2, 6, 3, 7]));
  f.storeVector(target, f32x4.shuffle(lowAb, lowCd, [0, 1, 4, 5]));
  f.storeVector(target, f32x4.shuffle(lowAb, lowCd, [2, 3, 6, 7]), rowBytes);
  f.storeVector(target, f32x4.shuffle(highAb, highCd, [0, 1, 4, 5]), 2 * rowBytes);
  f.storeVector(target, f32x4.shuffle(highAb, highCd, [2, 3, 6, 7]), 3 * rowBytes);
}

/**
 * Packs the transposed window: row of A is float first … first + count of one tap, depth is the output pixels row … row + rows.
 * Lanes beyond `count` hold whatever follows; their products are never stored.
 */
function definePackColumns(module: ModuleBuilder): PackLeft["columns"] {
  return module.define("packColumns", columnsSignature, (f, { product, x, row, rows, tap, first, count, target }) => {
    const g = readGeometry(f, product);
    const origin = declareOrigin(f);
    f.set(origin.inside, i32.const(1));
    const high = f.int(i32.divideUnsigned(tap, g.tapsWide));
    const wide = f.int(i32.sub(tap, i32.mul(high, g.tapsWide)));
    const panelBytes = f.int(i32.shl(rows, 4));
    f.for(0, rows, 1, (pixel) => {
      locate(f, g, x, i32.add(row, pixel), origin);
      const source = f.int(tapAddress(g, origin, high, wide, first));
      const out = f.int(i32.add(target, i32.shl(pixel, 4)));
      f.for(0, count, tile.rows, () => {
        f.storeVector(out, f32x4.load(source));
        f.advance(source, 16);
        f.advance(out, panelBytes);
      });
    });
  });
}
