import type { FunctionBuilder, Local } from "../assembler/function-builder.js";
import { f32, f32x4, type Int, i32 } from "../assembler/instructions.js";
import { integers, type ModuleBuilder } from "../assembler/module-builder.js";

const geometry = integers("height", "width", "channels", "outHeight", "outWidth", "size", "stride", "pad");
const signature = { ...integers("x", "y", "dy", "dx"), ...geometry, ...integers("begin", "end") };

/**
 * Defines the gradient of the maximum: it goes to the first pixel of the window that holds the maximum, as in TensorFlow.
 * TensorFlow.js's own kernel is wrong for windows without a positive value. A unit is an image.
 */
export function defineMaxPoolGrad(module: ModuleBuilder): void {
  module.define("maxPoolGrad", signature, (f, p) => {
    const pixelBytes = f.int(i32.shl(p.channels, 2));
    const whole = f.int(i32.and(p.channels, -4));
    const imageBytes = f.int(i32.mul(i32.mul(p.height, p.width), pixelBytes));
    f.for(p.begin, p.end, 1, (image) => {
      const x = f.int(i32.add(p.x, i32.mul(image, imageBytes)));
      const toDx = f.int(i32.sub(p.dx, p.x));
      f.fillZero(i32.add(x, toDx), imageBytes);
      const out = f.int(i32.mul(image, i32.mul(i32.mul(p.outHeight, p.outWidth), pixelBytes)));
      f.for(0, p.outHeight, 1, (row) => {
        f.for(0, p.outWidth, 1, (column) => {
          const top = f.int(i32.sub(i32.mul(row, p.stride), p.pad));
          const left = f.int(i32.sub(i32.mul(column, p.stride), p.pad));
          const visit = (body: (pixel: Int) => void) => forWindow(f, p, { x, top, left, pixelBytes }, body);
          f.for(0, whole, 4, (channel) => {
            const offset = f.int(i32.shl(channel, 2));
            const maximum = f.local("v128", f32x4.load(i32.add(p.y, i32.add(out, offset))));
            const left = f.local("v128", f32x4.load(i32.add(p.dy, i32.add(out, offset))));
            visit((pixel) => {
              const source = f.int(i32.add(pixel, offset));
              const target = f.int(i32.add(source, toDx));
              const hit = f.local("v128", f32x4.equal(f32x4.load(source), maximum));
              f.storeVector(target, f32x4.add(f32x4.load(target), f32x4.and(left, hit)));
              // What has been given away is zero from here on.
              f.set(left, f32x4.andNot(left, hit));
            });
          });
          f.for(whole, p.channels, 1, (channel) => {
            const offset = f.int(i32.shl(channel, 2));
            const maximum = f.local("f32", f32.load(i32.add(p.y, i32.add(out, offset))));
            const left = f.local("f32", f32.load(i32.add(p.dy, i32.add(out, offset))));
            visit((pixel) => {
              const source = f.int(i32.add(pixel, offset));
              f.when(f32.equal(f32.load(source), maximum), () => {
                const target = f.int(i32.add(source, toDx));
                f.storeFloat(target, f32.add(f32.load(target), left));
                f.set(left, f32.const(0));
              });
            });
          });
          f.advance(out, pixelBytes);
        });
      });
    });
  });
}

/** Visits the pixels of a window that lie inside the image, row by row. */
function forWindow(
  f: FunctionBuilder,
  p: Readonly<Record<"height" | "width" | "size", Local<"i32">>>,
  { x, top, left, pixelBytes }: Readonly<Record<"x" | "top" | "left" | "pixelBytes", Local<"i32">>>,
  body: (pixel: Int) => void,
): void {
  f.for(0, p.size, 1, (high) => {
    const row = f.int(i32.add(top, high));
    f.when(i32.lessThanUnsigned(row, p.height), () => {
      f.for(0, p.size, 1, (wide) => {
        const column = f.int(i32.add(left, wide));
        f.when(i32.lessThanUnsigned(column, p.width), () => {
          body(i32.add(x, i32.mul(i32.add(i32.mul(row, p.width), column), pixelBytes)));
        });
      });
    });
  });
}
