import { Random } from "@residual/shared";

/** Seeded numbers in [low, 1). */
export function randomData(count: number, seed: number, low = -1): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => random.between(low, 1));
}
