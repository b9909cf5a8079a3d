import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { encodeMetricFrame } from "@residual/shared";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MetricSpool, type SpoolOptions } from "./metric-spool.js";
import { SpoolError } from "./spool-error.js";
import type { SpooledFrame } from "./spool-record.js";

const owner = { run: "run_1", writer: "w1", leaseGeneration: 3 };
const options: SpoolOptions = { fsync: "never", diskLimit: 1 << 30, memoryLimit: 1 << 20, onDisk: () => {} };
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "residual-spool-"));
  folder = join(root, "a");
});
afterEach(() => rmSync(root, { recursive: true }));

const payload = (number: number) => Uint8Array.from({ length: 20 + number }, (_, i) => (number * 31 + i) & 255);
const create = () => MetricSpool.create(folder, owner, options);
const open = (path = folder) => MetricSpool.open(path, options)!;
const segmentsOf = (path: string) =>
  readdirSync(path)
    .filter((name) => name.endsWith(".frames"))
    .sort();

/** Takes everything that waits, as a sender does. */
function drain(spool: MetricSpool): [number, number[]][] {
  const all: SpooledFrame[] = [];
  for (let found = spool.next(spool.ackedSeq, 1000); found.length > 0; found = spool.next(spool.ackedSeq, 1000)) {
    all.push(...found);
    spool.acknowledge(found.at(-1)!);
  }
  return all.map(({ seq, bytes }) => [seq, [...bytes]]);
}
const frames = (...numbers: number[]) => numbers.map((number) => [number, [...payload(number)]]);

describe("a spool", () => {
  it("gives back what was appended, in order, also to the process after the one that was killed", () => {
    const spool = create();
    for (let i = 1; i <= 5; i++) expect(spool.append(payload(i), 2)).toBe(true);
    spool.acknowledge(spool.next(0, 1e6)[1]!);
    expect(spool.waitingPoints).toBe(6);
    // The copy is what a kill leaves.
    cpSync(folder, `${folder}-killed`, { recursive: true });
    rmSync(join(`${folder}-killed`, "lock"));
    const left = open(`${folder}-killed`);
    expect(left.owner).toEqual(owner);
    expect(left.waitingPoints).toBe(6);
    expect(drain(left)).toEqual(frames(3, 4, 5));
    expect(left.waitingPoints).toBe(0);
    left.close();
    spool.close();
  });

  it("is never begun twice: a seq must not be given again", () => {
    create().close();
    expect(create).toThrow(SpoolError);
  });

  it("belongs to one living process", () => {
    const spool = create();
    expect(MetricSpool.open(folder, options)).toBeUndefined();
    spool.close();
    const again = open();
    again.close();
  });

  it("gives every whole frame and nothing else, wherever the file was cut, and wherever a bit was turned in its last frame", () => {
    const spool = create();
    const ends = [0];
    const file = () => join(folder, segmentsOf(folder)[0]!);
    for (let i = 1; i <= 4; i++) {
      spool.append(payload(i), 1);
      ends.push(readFileSync(file()).length);
    }
    spool.close();
    const whole = readFileSync(file());
    const name = segmentsOf(folder)[0]!;
    for (let size = 0; size <= whole.length; size++) {
      const copy = join(root, "copy");
      cpSync(folder, copy, { recursive: true });
      truncateSync(join(copy, name), size);
      const torn = open(copy);
      const complete = ends.filter((end) => end <= size).length - 1;
      expect(drain(torn)).toEqual(frames(...Array.from({ length: complete }, (_, i) => i + 1)));
      torn.close();
      rmSync(copy, { recursive: true });
    }
    for (let at = ends[3]!; at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 1 << (at % 8);
      writeFileSync(file(), flipped);
      const damaged = open();
      expect(damaged.waitingPoints).toBe(3);
      damaged.close();
    }
  });

  it("does not believe a damaged length", () => {
    const spool = create();
    spool.append(payload(1), 1);
    spool.close();
    appendFileSync(join(folder, segmentsOf(folder)[0]!), Buffer.alloc(64, 0xff));
    const again = open();
    expect(drain(again)).toEqual(frames(1));
    again.close();
  });

  it("deletes what is acknowledged, and goes on after the loss of the note of it", () => {
    const spool = create();
    const large = new Uint8Array(3 << 20);
    for (let i = 1; i <= 6; i++) spool.append(large, 1);
    expect(segmentsOf(folder)).toHaveLength(3);
    spool.acknowledge(spool.next(3, 1)[0]!);
    expect(segmentsOf(folder)).toHaveLength(1);
    spool.close();
    rmSync(join(folder, "acked"));
    const again = open();
    expect(again.ackedSeq).toBe(4);
    expect(again.next(4, 1e9).map(({ seq }) => seq)).toEqual([5, 6]);
    again.close();
  });

  it("reads what no longer is in memory from disk, in order and without a gap", () => {
    const spool = create();
    for (let i = 1; i <= 300; i++)
      spool.append(
        Uint8Array.from({ length: 40_000 }, () => i),
        1,
      );
    const seen: number[] = [];
    while (spool.waitingPoints > 0) {
      const found = spool.next(spool.ackedSeq, 100_000);
      for (const { seq, bytes } of found) {
        seen.push(seq);
        expect(bytes[0]).toBe(seq & 255);
      }
      spool.acknowledge(found.at(-1)!);
    }
    expect(seen).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    spool.close();
  });

  it("sends what a spool of the former version holds", () => {
    create().close();
    rmSync(join(folder, "acked"));
    const one = Float64Array.of(1);
    const frame = encodeMetricFrame({ steps: one, times: one, columns: [{ key: "a", rows: null, values: one }] });
    const records = [1, 2, 3].map((seq) => {
      const record = Buffer.alloc(16 + frame.length);
      record.writeUInt32LE(frame.length, 0);
      record.writeBigUInt64LE(BigInt(seq), 8);
      record.set(frame, 16);
      record.writeUInt32LE(crc32(record.subarray(8)), 4);
      return record;
    });
    writeFileSync(join(folder, "frames"), Buffer.concat([...records, Buffer.from("torn")]));
    writeFileSync(join(folder, "acked"), "1");
    const spool = open();
    expect(drain(spool)).toEqual([2, 3].map((seq) => [seq, [...frame]]));
    spool.close();
  });
});
