import type { Blas } from "./blas/blas.js";
import type { Heap } from "./heap.js";
import type { Kernels } from "./kernels/kernels.js";

/** What a lowered operation runs on. */
export interface Machine {
  readonly heap: Heap;
  readonly kernels: Kernels;
  /** Does large matrix products where it was found. */
  readonly blas?: Blas;
  /** Address of `zeroFloats` zeros. */
  readonly zeros: number;
}

/** More than any block of a product is deep. */
export const zeroFloats = 1024;
