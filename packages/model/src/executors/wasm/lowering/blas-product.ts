import type { MatrixProduct } from "../blas/blas.js";
import type { Lowering } from "./lowering.js";

/** A product done by BLAS, which knows transposed factors and needs no working memory of ours. */
export function blasProduct(
  describe: (inputs: readonly [number, number], outputs: readonly [number]) => MatrixProduct,
): Lowering {
  return {
    bind: ({ inputs, outputs }, { blas }) => {
      const product = describe(inputs as unknown as [number, number], outputs as unknown as [number]);
      return [() => blas!.multiply(product)];
    },
  };
}
