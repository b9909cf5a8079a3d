import { createHash, randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { Sha256 } from "./sha256.js";

const expected = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

it("is the platform's SHA-256 at every length around a block and its padding", () => {
  for (let length = 0; length <= 260; length++) {
    const bytes = randomBytes(length);
    expect(new Sha256().update(bytes).hex(), `${length} bytes`).toBe(expected(bytes));
  }
});

it("does not depend on where the pieces end, nor on being saved and taken up between them", () => {
  const bytes = randomBytes(300_001);
  for (const piece of [1, 63, 64, 65, 4_096, 299_999]) {
    let hash = new Sha256();
    // So few of one byte that the test stays short.
    const end = piece === 1 ? 500 : bytes.length;
    for (let at = 0; at < end; at += piece) {
      hash = Sha256.resume(hash.save());
      hash.update(bytes.subarray(at, Math.min(at + piece, end)));
    }
    expect(hash.hex(), `in pieces of ${piece}`).toBe(expected(bytes.subarray(0, end)));
    expect(hash.length).toBe(end);
  }
});

it("counts beyond 4 GiB as the padding demands", () => {
  const zeros = new Uint8Array(1 << 20);
  const short = new Sha256().update(zeros);
  const state = short.save();
  // As if 2³² + 2²⁰ bytes had come that led to the same words: only the length at the end differs.
  new DataView(state.buffer).setBigUint64(32, 2n ** 32n + 2n ** 20n);
  expect(Sha256.resume(state).length).toBe(2 ** 32 + 2 ** 20);
  expect(Sha256.resume(state).hex()).not.toBe(short.hex());
});

it("tells the hash so far without ending it", () => {
  const [one, two] = [randomBytes(100), randomBytes(100)];
  const hash = new Sha256().update(one);
  expect(hash.hex()).toBe(expected(one));
  expect(hash.update(two).hex()).toBe(expected(Buffer.concat([one, two])));
});

it("refuses a state that is none", () => {
  expect(() => Sha256.resume(new Uint8Array(3))).toThrow(RangeError);
});
