import type { Heap } from "./heap.js";
import type { Kernels } from "./kernels/kernels.js";

/** What a lowered operation runs on. */
export interface Machine {
  readonly heap: Heap;
  readonly kernels: Kernels;
  /** Whether matrix products are left to the kernel `sgemm`. */
  readonly blas: boolean;
  /** Address of `zeroFloats` zeros. */
  readonly zeros: number;
}

/** More than any block of a product is deep. */
export const zeroFloats = 1024;
