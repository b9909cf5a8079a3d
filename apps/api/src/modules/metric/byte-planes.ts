import { DamagedBlockError } from "./damaged-block-error.js";

/** Fewer words than these tell nothing of how their bytes are spread. */
const FEWEST_WORDS = 64;
/** How much likelier than by chance two bytes of a plane are alike before deflate gains anything. */
const MORE_THAN_CHANCE = 1.3;

/**
 * 32-bit words as four planes, bytes of equal weight side by side. The lowest planes of measured numbers are noise, which no code makes shorter, and
 * which spoils the code of the planes above where they are deflated together: they go to `plain`, all else to `packed`.
 */
export class PlaneWriter {
  plain = Buffer.alloc(0);
  packed = Buffer.alloc(0);
  plainEnd = 0;
  packedEnd = 0;

  /** For as many bytes; what was written before is forgotten. */
  begin(room: number): void {
    if (this.packed.length < room) {
      this.plain = Buffer.allocUnsafe(2 * room);
      this.packed = Buffer.allocUnsafe(2 * room);
    }
    this.plainEnd = 0;
    this.packedEnd = 0;
  }

  float64s(...values: number[]): void {
    for (const value of values) this.packedEnd = this.packed.writeDoubleLE(value, this.packedEnd);
  }

  bytes(bytes: Uint8Array): void {
    this.packed.set(bytes, this.packedEnd);
    this.packedEnd += bytes.length;
  }

  /** The lowest `noisy` planes are plain. */
  words(values: Uint32Array, noisy: number): void {
    for (let plane = 0; plane < 4; plane++) {
      const isPlain = plane < noisy;
      const target = isPlain ? this.plain : this.packed;
      const start = isPlain ? this.plainEnd : this.packedEnd;
      const shift = 8 * plane;
      for (let i = 0; i < values.length; i++) target[start + i] = values[i]! >>> shift;
      if (isPlain) this.plainEnd += values.length;
      else this.packedEnd += values.length;
    }
  }
}

const counts = new Uint32Array(256);

/** How many of the lowest planes are noise: in them two bytes are hardly more often alike than by chance. */
export function noisyPlanes(values: Uint32Array): number {
  const n = values.length;
  if (n < FEWEST_WORDS) return 0;
  for (let plane = 0; plane < 4; plane++) {
    counts.fill(0);
    const shift = 8 * plane;
    for (let i = 0; i < n; i++) counts[(values[i]! >>> shift) & 0xff]!++;
    let alike = 0;
    for (let byte = 0; byte < 256; byte++) alike += counts[byte]! * counts[byte]!;
    if (alike > MORE_THAN_CHANCE * (n + (n * n) / 256)) return plane;
  }
  return 4;
}

/** What `gather` read last, as the kinds of numbers that it may be: charts of thousands of series read a few dozen columns a series. */
export let gathered = roomForWords(1_024);

function roomForWords(n: number) {
  const memory = new ArrayBuffer(4 * n);
  return { words: new Uint32Array(memory), differences: new Int32Array(memory), floats: new Float32Array(memory) };
}

export type Section = { readonly bytes: Buffer; readonly at: number };

/** Reads the planes of `n` words into `gathered`, the lowest `noisy` of them from `plain`, the others from `packed`. */
export function gather(plain: Section, packed: Section, noisy: number, n: number): void {
  if (plain.at + noisy * n > plain.bytes.length || packed.at + (4 - noisy) * n > packed.bytes.length)
    throw new DamagedBlockError("it is too short");
  if (gathered.words.length < n) gathered = roomForWords(2 * n);
  const { words } = gathered;
  const bytesOf = (plane: number) => (plane < noisy ? plain.bytes : packed.bytes);
  const startOf = (plane: number) => (plane < noisy ? plain.at + plane * n : packed.at + (plane - noisy) * n);
  const [b0, b1, b2, b3] = [bytesOf(0), bytesOf(1), bytesOf(2), bytesOf(3)];
  const [s0, s1, s2, s3] = [startOf(0), startOf(1), startOf(2), startOf(3)];
  for (let i = 0; i < n; i++) words[i] = b0[s0 + i]! | (b1[s1 + i]! << 8) | (b2[s2 + i]! << 16) | (b3[s3 + i]! << 24);
}

/** Each word's change from the one before, the first from 0, small ones of both signs as small numbers: 0, −1, 1, −2 … are 0, 1, 2, 3 … */
export function changesOf(values: Uint32Array): Uint32Array {
  const changes = new Uint32Array(values.length);
  for (let i = 0, before = 0; i < values.length; i++) {
    const change = (values[i]! - before) | 0;
    changes[i] = (change << 1) ^ (change >> 31);
    before = values[i]!;
  }
  return changes;
}

/** Inverse of changesOf, in place, of the first `n` words. */
export function sumChanges(words: Uint32Array, n: number): void {
  for (let i = 0, before = 0; i < n; i++) {
    const code = words[i]!;
    before = (before + ((code >>> 1) ^ -(code & 1))) | 0;
    words[i] = before;
  }
}

/** Whether the changes take a bit less a word than the words above their least: of curves that are smooth to their last digits. */
export function areChangesShorter(values: Uint32Array, changes: Uint32Array): boolean {
  let least = 0xffffffff;
  for (let i = 0; i < values.length; i++) if (values[i]! < least) least = values[i]!;
  let saved = 0;
  for (let i = 1; i < values.length; i++) saved += Math.clz32(changes[i]!) - Math.clz32(values[i]! - least);
  return saved > values.length;
}
