import { i32 } from "../assembler/instructions.js";
import { integers, type ModuleBuilder } from "../assembler/module-builder.js";

/**
 * Defines copies between strided layouts: runs of `runBytes` bytes at index (i, j, k) of three outer axes, with strides in bytes
 * on both sides. Transpositions, slices, paddings and concatenations are such copies. A unit is one i.
 */
export function defineStridedCopy(module: ModuleBuilder): void {
  const signature = integers(
    "source",
    "target",
    "runBytes",
    "middle",
    "inner",
    "sourceOuter",
    "sourceMiddle",
    "sourceInner",
    "targetOuter",
    "targetMiddle",
    "targetInner",
    "begin",
    "end",
  );
  module.define("stridedCopy", signature, (f, p) => {
    f.for(p.begin!, p.end!, 1, (i) => {
      const fromOuter = f.int(i32.add(p.source!, i32.mul(i, p.sourceOuter!)));
      const toOuter = f.int(i32.add(p.target!, i32.mul(i, p.targetOuter!)));
      f.for(0, p.middle!, 1, () => {
        const from = f.int(fromOuter);
        const to = f.int(toOuter);
        f.for(0, p.inner!, 1, () => {
          f.copy(to, from, p.runBytes!);
          f.advance(from, p.sourceInner!);
          f.advance(to, p.targetInner!);
        });
        f.advance(fromOuter, p.sourceMiddle!);
        f.advance(toOuter, p.targetMiddle!);
      });
    });
  });
}
