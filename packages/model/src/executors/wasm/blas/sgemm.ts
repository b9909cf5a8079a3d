/**
 * C[rows, columns] = op(A) · op(B) of dense matrices on the heap by OpenBLAS, as a kernel like ours: parameters are both transpositions
 * (0 or 1), rows, columns, depth, the addresses of A, B and C, the number of shares into which the longer side of C is cut, and the
 * range of shares to compute. Its source text is also sent to the kernel threads: it may use its parameters and nothing else.
 */
export function openSgemm(
  koffi: typeof import("koffi"),
  library: string,
  memory: { readonly buffer: SharedArrayBuffer },
): (...parameters: number[]) => void {
  const sgemm = koffi
    .load(library)
    .func(
      "void cblas_sgemm(int order, int transposeA, int transposeB, int m, int n, int k, float alpha, const void *a, int lda, " +
        "const void *b, int ldb, float beta, void *c, int ldc)",
    );
  const rowMajor = 101;
  const orders = [111, 112];
  return (...parameters) => {
    const [transposeA, transposeB, rows, columns, depth, a, b, c, shares, begin, end] = parameters as [
      ...[number, number, number, number, number, number, number, number, number, number, number],
    ];
    const byRows = rows >= columns;
    const extent = byRows ? rows : columns;
    const first = Math.floor((extent * begin) / shares);
    const count = Math.floor((extent * end) / shares) - first;
    if (count === 0) return;
    const lda = transposeA ? rows : depth;
    const ldb = transposeB ? depth : columns;
    const skipA = byRows ? first * (transposeA ? 1 : lda) : 0;
    const skipB = byRows ? 0 : first * (transposeB ? ldb : 1);
    const at = (address: number, skip: number) => new Float32Array(memory.buffer, address + 4 * skip, 1);
    const [m, n] = byRows ? [count, columns] : [rows, count];
    const target = at(c, byRows ? first * columns : first);
    const [orderA, orderB] = [orders[transposeA], orders[transposeB]];
    sgemm(rowMajor, orderA, orderB, m, n, depth, 1, at(a, skipA), lda, at(b, skipB), ldb, 0, target, columns);
  };
}
