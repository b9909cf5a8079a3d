import { input, type LoweringRule, read } from "./lowering.js";
import { type Factor, lanes, product } from "./product.js";

/** A stored matrix: `lines` of `length` floats that lie next to each other, as many matrices as there are batches. */
interface StoredMatrix {
  readonly lines: number;
  readonly length: number;
  /** Which index of the product goes along a line. */
  readonly along: "outer" | "inner";
}

/** A factor of a product that is a matrix in memory, or one for each batch. */
export function matrixFactor(side: "left" | "right", { lines, length, along }: StoredMatrix): Factor {
  const [place, line] = along === "inner" ? ["inner", "outer"] : ["outer", "inner"];
  const start = `(batch * ${lines}u + ${line}) * ${length}u + ${place}`;
  const byFours = length % 4 === 0;
  return {
    binding: read(input(side === "left" ? 0 : 1), byFours ? "vec4f" : "f32"),
    along,
    load: `if (${line} >= ${lines}u || ${place} >= ${length}u) { return vec4f(0); }
  let start = ${start};
  ${byFours ? `return ${side}[start / 4u];` : lanes(`${place} + i < ${length}u`, `${side}[start + i]`)}`,
  };
}

export const batchMatMul: LoweringRule<"batchMatMul"> = ({ inputs: [a], outputs: [y], attributes }) => {
  const { transposeA, transposeB } = attributes;
  const [rows, columns] = y!.shape.slice(-2) as [number, number];
  const inner = a!.shape.at(transposeA ? -2 : -1)!;
  const batch = y!.shape.slice(0, -2).reduce((count, extent) => count * extent, 1);
  const left = transposeA
    ? ({ lines: inner, length: rows, along: "outer" } as const)
    : ({ lines: rows, length: inner, along: "inner" } as const);
  const right = transposeB
    ? ({ lines: columns, length: inner, along: "inner" } as const)
    : ({ lines: inner, length: columns, along: "outer" } as const);
  return product({
    rows,
    columns,
    inner,
    batch,
    left: matrixFactor("left", left),
    right: matrixFactor("right", right),
  });
};

export const matMul: LoweringRule<"matMul"> = (node) => batchMatMul({ ...node, op: "batchMatMul" });
