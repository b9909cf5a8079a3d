import { availableParallelism } from "node:os";
import type { Heap } from "../heap.js";

/** C[rows, columns] = op(A) · op(B); A, B and C are dense matrices on the heap, by address. */
export interface MatrixProduct {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly a: number;
  readonly transposeA: boolean;
  readonly b: number;
  readonly transposeB: boolean;
  readonly c: number;
}

/** A native BLAS that works on the heap. */
export interface Blas {
  /** For people, such as "OpenBLAS 0.3.21". */
  readonly name: string;
  multiply(product: MatrixProduct): void;
}

/** As Debian's libopenblas0-pthread and its relatives install it. */
const libraryName = "libopenblas.so.0";

const rowMajor = 101;
const transposition = (transposed: boolean): number => (transposed ? 112 : 111);

/**
 * Loads OpenBLAS through koffi. Neither is needed: says what is missing. Its `threads` are those of all its calls in this process.
 */
export async function loadBlas(
  heap: Heap,
  threads = availableParallelism(),
): Promise<Blas | { readonly unavailable: string }> {
  let koffi: typeof import("koffi").default;
  try {
    koffi = (await import("koffi")).default;
  } catch (error) {
    return { unavailable: `the optional package koffi is not installed (${(error as Error).message})` };
  }
  try {
    const library = koffi.load(libraryName);
    const sgemm = library.func(
      "void cblas_sgemm(int order, int transposeA, int transposeB, int m, int n, int k, float alpha, const void *a, int lda, " +
        "const void *b, int ldb, float beta, void *c, int ldc)",
    );
    library.func("void openblas_set_num_threads(int threads)")(threads);
    const config = library.func("const char *openblas_get_config()")() as string;
    const at = (address: number): Float32Array => heap.floats.subarray(address / 4, address / 4 + 1);
    return {
      name: config.split(" ").slice(0, 2).join(" "),
      multiply: ({ rows, columns, depth, a, transposeA, b, transposeB, c }) => {
        const orders = [rowMajor, transposition(transposeA), transposition(transposeB)];
        const lda = transposeA ? rows : depth;
        const ldb = transposeB ? depth : columns;
        sgemm(...orders, rows, columns, depth, 1, at(a), lda, at(b), ldb, 0, at(c), columns);
      },
    };
  } catch (error) {
    return { unavailable: `${libraryName} cannot be loaded (${(error as Error).message})` };
  }
}
