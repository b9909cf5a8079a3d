/** Cube roots of the first 64 primes, the first 32 bits of their fractions (FIPS 180-4 §4.2.2). */
const roundConstants = fractions(64, Math.cbrt);
/** Square roots of the first 8 primes, likewise (§5.3.3). */
const initialHash = fractions(8, Math.sqrt);

const BLOCK = 64;
/** Bytes of a saved state: 8 words, the count of bytes so far, and the part of a block that waits. */
const STATE = 8 * 4 + 8 + BLOCK;

/**
 * SHA-256 (FIPS 180-4) of what comes in pieces, whose state can be saved and taken up again by another process: neither Node nor browsers offer
 * that, and browsers digest nothing but what is in memory as a whole. For checksums of files; secrets are hashed by the platform.
 */
export class Sha256 {
  // Signed everywhere: what engines keep as 31- and 32-bit integers is several times as fast.
  readonly #hash = Int32Array.from(initialHash);
  readonly #block = new Uint8Array(BLOCK);
  readonly #schedule = new Int32Array(64);
  #length = 0;

  /** Takes up a state that `save` gave. Throws a RangeError for any other bytes. */
  static resume(state: Uint8Array): Sha256 {
    if (state.length !== STATE) throw new RangeError(`A saved state has ${STATE} bytes, and this one ${state.length}.`);
    const view = new DataView(state.buffer, state.byteOffset, STATE);
    const resumed = new Sha256();
    for (let i = 0; i < 8; i++) resumed.#hash[i] = view.getInt32(4 * i);
    resumed.#length = Number(view.getBigUint64(32));
    resumed.#block.set(state.subarray(40));
    return resumed;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  update(bytes: Uint8Array): this {
    let taken = 0;
    const waiting = this.#length % BLOCK;
    this.#length += bytes.length;
    if (waiting > 0) {
      taken = Math.min(BLOCK - waiting, bytes.length);
      this.#block.set(bytes.subarray(0, taken), waiting);
      if (waiting + taken < BLOCK) return this;
      this.#mix(this.#block, 0);
    }
    for (; taken + BLOCK <= bytes.length; taken += BLOCK) this.#mix(bytes, taken);
    this.#block.set(bytes.subarray(taken));
    return this;
  }

  /** All that is needed to go on elsewhere. */
  save(): Uint8Array {
    const state = new Uint8Array(STATE);
    const view = new DataView(state.buffer);
    for (const [i, word] of this.#hash.entries()) view.setInt32(4 * i, word);
    view.setBigUint64(32, BigInt(this.#length));
    state.set(this.#block, 40);
    return state;
  }

  /** 64 hex digits of what came so far; more may follow. */
  hex(): string {
    const end = Sha256.resume(this.save());
    const waiting = this.#length % BLOCK;
    const padding = new Uint8Array((waiting < 56 ? 56 : 120) - waiting + 8);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.length - 8, BigInt(this.#length) * 8n);
    end.update(padding);
    return Array.from(end.#hash, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  /** §6.2.2, for the block at `at`. */
  #mix(bytes: Uint8Array, at: number): void {
    const w = this.#schedule;
    for (let t = 0, i = at; t < 16; t++, i += 4)
      w[t] = (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15]!;
      const y = w[t - 2]!;
      const small0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const small1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (small1 + w[t - 7]! + small0 + w[t - 16]!) | 0;
    }
    const hash = this.#hash;
    let a = hash[0]!;
    let b = hash[1]!;
    let c = hash[2]!;
    let d = hash[3]!;
    let e = hash[4]!;
    let f = hash[5]!;
    let g = hash[6]!;
    let h = hash[7]!;
    for (let t = 0; t < 64; t++) {
      const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const first = (h + big1 + ((e & f) ^ (~e & g)) + roundConstants[t]! + w[t]!) | 0;
      const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    hash[0]! += a;
    hash[1]! += b;
    hash[2]! += c;
    hash[3]! += d;
    hash[4]! += e;
    hash[5]! += f;
    hash[6]! += g;
    hash[7]! += h;
  }
}

/** The first 32 bits of the fractions of the roots of the first primes. A double holds 53, of which at most 3 are the whole part's. */
function fractions(count: number, root: (prime: number) => number): Int32Array {
  const words: number[] = [];
  for (let candidate = 2; words.length < count; candidate++) {
    let divisor = 2;
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor++;
    if (divisor * divisor > candidate) words.push(Math.floor((root(candidate) % 1) * 2 ** 32));
  }
  return Int32Array.from(words);
}
