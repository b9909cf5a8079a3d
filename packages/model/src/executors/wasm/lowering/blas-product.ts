import type { Lowering, Target } from "./lowering.js";

/** C[rows, columns] = op(A) · op(B) of dense matrices; A and B are the node's inputs, C its result. */
export interface DenseProduct {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Shares for each thread: a thread that is held up leaves its rest to the others, but every share packs the shorter factor anew. */
const sharesPerThread = 2;

/** A product done by BLAS, which knows transposed factors and needs no working memory of ours. */
export function blasProduct(
  { rows, columns, depth, transposeA, transposeB }: DenseProduct,
  { threads }: Target,
): Lowering {
  const units = threads * sharesPerThread;
  const work = 2 * rows * columns * depth;
  return {
    bind: ({ inputs, outputs }) => {
      const flags = [Number(transposeA), Number(transposeB)];
      const parameters = [...flags, rows, columns, depth, inputs[0]!, inputs[1]!, outputs[0]!, units];
      return [{ kernel: "sgemm", parameters, units, work }];
    },
  };
}
