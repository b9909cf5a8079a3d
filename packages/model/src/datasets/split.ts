import { createHash } from "node:crypto";

export type Split = "train" | "val" | "test";

export interface SplitOptions {
  readonly valFraction: number;
  readonly testFraction: number;
  readonly splitSeed: number;
}

/**
 * Assigns a split to every content hash. Where an image goes depends on its own content and the seed alone: u = SHA-256(seed, content)
 * as a number in [0, 1) decides against the fractions. So copies of an image stay together, also across classes, and images that are
 * added later move no image that was there before: nothing a model was trained on becomes validation data. Within a class the counts
 * are binomial around the fractions.
 *
 * Only a class too small for that is corrected: one with at least two distinct images gets at least one in train, and one in val
 * where the draw gave it none.
 *
 * @param classes the content hashes of each class, repeats allowed
 */
export function assignSplits(classes: readonly (readonly string[])[], options: SplitOptions): Map<string, Split> {
  const { valFraction, testFraction, splitSeed } = options;
  if (!(valFraction > 0 && testFraction >= 0 && valFraction + testFraction < 1)) {
    throw new RangeError(
      `valFraction ${valFraction} and testFraction ${testFraction} must be positive and sum to less than 1`,
    );
  }
  const draws = new Map<string, number>();
  for (const hash of classes.flat()) draws.set(hash, draws.get(hash) ?? drawOf(splitSeed, hash));

  const splits = new Map<string, Split>();
  for (const [hash, draw] of draws) {
    splits.set(hash, draw < valFraction ? "val" : draw < valFraction + testFraction ? "test" : "train");
  }
  const distinct = classes.map((hashes) => [...new Set(hashes)].sort((a, b) => draws.get(a)! - draws.get(b)!));
  for (const hashes of distinct) {
    if (hashes.length >= 2 && !hashes.some((hash) => splits.get(hash) === "val")) splits.set(hashes[0]!, "val");
  }
  // After the corrections of val, because an image without which a class cannot be learned matters more.
  for (const hashes of distinct) {
    const last = hashes.at(-1);
    if (last && !hashes.some((hash) => splits.get(hash) === "train")) splits.set(last, "train");
  }
  return splits;
}

function drawOf(seed: number, hash: string): number {
  const digest = createHash("sha256").update(`split ${seed} ${hash}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
