import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { onFullDisk } from "./full-disk.fixture.js";
import { MetricSpool, SpoolError } from "./metric-spool.js";

const owner = { run: "run_1", writer: "w1", leaseGeneration: 3 };
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "residual-spool-"));
  folder = join(root, "a");
});
afterEach(() => rmSync(root, { recursive: true }));

function payload(number: number): Uint8Array {
  return Uint8Array.from({ length: 20 + number }, (_, i) => (number * 31 + i) & 255);
}

function drain(spool: MetricSpool): [number, Uint8Array][] {
  const all: [number, Uint8Array][] = [];
  for (let next = spool.first(); next; next = spool.first()) {
    all.push([next.seq, next.payload]);
    spool.acknowledge(next.seq);
  }
  return all;
}

describe("MetricSpool", () => {
  it("gives back what was appended, in order, also after it was closed and opened", () => {
    const spool = MetricSpool.create(folder, owner);
    for (let i = 1; i <= 5; i++) expect(spool.append(payload(i))).toBe(i);
    spool.acknowledge(2);
    spool.close();
    const again = MetricSpool.open(folder);
    expect(again.owner).toEqual(owner);
    expect(again.append(payload(6))).toBe(6);
    expect(drain(again)).toEqual([3, 4, 5, 6].map((i) => [i, payload(i)]));
    again.close();
  });

  it("never gives a seq twice: neither after all were acknowledged, nor in a folder that is a spool already", () => {
    const spool = MetricSpool.create(folder, owner);
    spool.append(payload(1));
    spool.acknowledge(1);
    spool.close();
    const again = MetricSpool.open(folder);
    expect(again.append(payload(2))).toBe(2);
    again.close();
    expect(() => MetricSpool.create(folder, owner)).toThrow("EEXIST");
  });

  it("cuts a torn or damaged tail off and keeps every whole record before it", () => {
    const spool = MetricSpool.create(folder, owner);
    for (let i = 1; i <= 4; i++) spool.append(payload(i));
    spool.close();
    const file = join(folder, "frames");
    const whole = readFileSync(file);
    const beforeLast = whole.length - 16 - payload(4).length;
    for (let size = beforeLast; size < whole.length; size++) {
      writeFileSync(file, whole);
      truncateSync(file, size);
      const torn = MetricSpool.open(folder);
      expect(torn.waiting).toBe(3);
      expect(torn.append(payload(9))).toBe(4);
      expect(drain(torn).at(-1)).toEqual([4, payload(9)]);
      torn.close();
      rmSync(join(folder, "acked"));
    }
    const flipped = Buffer.from(whole);
    flipped[beforeLast + 20]! ^= 1;
    writeFileSync(file, flipped);
    const damaged = MetricSpool.open(folder);
    expect(damaged.waiting).toBe(3);
    damaged.close();
    expect(statSync(file).size).toBe(beforeLast);
  });

  it("does not believe a damaged length", () => {
    const spool = MetricSpool.create(folder, owner);
    spool.append(payload(1));
    spool.close();
    appendFileSync(join(folder, "frames"), Buffer.alloc(64, 0xff));
    const again = MetricSpool.open(folder);
    expect(drain(again)).toEqual([[1, payload(1)]]);
    again.close();
  });

  it("does not grow for ever: the file begins anew once everything in it is acknowledged", () => {
    const spool = MetricSpool.create(folder, owner);
    const large = new Uint8Array(3 * 1024 * 1024);
    for (let i = 0; i < 3; i++) spool.append(large);
    spool.acknowledge(3);
    expect(statSync(join(folder, "frames")).size).toBe(0);
    expect(spool.append(payload(7))).toBe(4);
    expect(drain(spool)).toEqual([[4, payload(7)]]);
    spool.close();
  });

  it("says what to do on a full disk, and goes on where it was once there is space", async () => {
    const spool = MetricSpool.create(folder, owner);
    spool.append(payload(1));
    spool.append(payload(2));
    // Half a record still fits.
    const { size } = statSync(join(folder, "frames"));
    await onFullDisk(() => expect(() => spool.append(payload(3))).toThrow(SpoolError), size + 10);
    await onFullDisk(() => {
      expect(() => spool.append(payload(3))).toThrow(/No space for the metrics .*Free some space and resume the run/);
      expect(() => MetricSpool.create(`${folder}-2`, owner)).toThrow(SpoolError);
      // The note of it does not fit; that costs a repetition at most.
      spool.acknowledge(1);
    });
    expect(spool.append(payload(3))).toBe(3);
    spool.close();
    const again = MetricSpool.open(folder);
    expect(drain(again)).toEqual([1, 2, 3].map((seq) => [seq, payload(seq)]));
    again.close();
  });
});
