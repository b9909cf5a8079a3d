/**
 * A 32-bit hash of a sequence of numbers and texts (FNV-1a with murmur3's finaliser). Equal parts give equal seeds on every
 * machine, so that anything random in a run can be derived anew from the run's seed and a position instead of being stored.
 */
export function hashSeed(...parts: readonly (number | string)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    const text = `${typeof part === "number" ? "n" : "s"}${part};`;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A small generator of pseudo-random numbers: sfc32 (Chris Doty-Humphrey, PractRand), started from one 32-bit seed. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number) {
    this.a = seed | 0;
    this.b = hashSeed(seed, "b") | 0;
    this.c = hashSeed(seed, "c") | 0;
    // The first outputs still show the seed; its author advises to drop a dozen.
    for (let i = 0; i < 12; i++) this.bits();
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A uniform integer in [0, n). */
  integer(n: number): number {
    return Math.floor(this.next() * n);
  }

  private bits(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return sum >>> 0;
  }
}

/** Shuffles in place (Fisher–Yates); the order depends on `seed` only. */
export function shuffle<Items extends { [index: number]: number; readonly length: number }>(
  items: Items,
  seed: number,
): Items {
  const random = new Random(seed);
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const kept = items[i]!;
    items[i] = items[j]!;
    items[j] = kept;
  }
  return items;
}
