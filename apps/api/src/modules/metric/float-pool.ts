/** Numbers that are taken from memory at once, and up to how many of them it pays. */
const pool = { numbers: 32_768, most: 2_048 } as const;

let memory = new Float64Array(0);
let used = 0;

/**
 * `length` zeros. Few come from memory that others share: a chart of thousands of series takes some dozen columns a series, and an ArrayBuffer
 * for each took a tenth of its time. The memory goes when all of them are gone, so keep none for long.
 */
export function takeFloats(length: number): Float64Array {
  if (length > pool.most) return new Float64Array(length);
  if (used + length > memory.length) {
    memory = new Float64Array(pool.numbers);
    used = 0;
  }
  used += length;
  return memory.subarray(used - length, used);
}
