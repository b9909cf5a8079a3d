import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { onFullDisk } from "./full-disk.fixture.js";
import { sendLeftoverSpools } from "./leftover-spools.js";
import { createLog } from "./log.js";
import { MetricSpool } from "./metric-spool.js";
import { MetricWriter } from "./metric-writer.js";
import { type Mischief, UnrulyApi } from "./unruly-api.fixture.js";

const owner = { run: "run_1", writer: "w1", leaseGeneration: 1 };
const silent = createLog(() => {});
let root: string;
let api: UnrulyApi;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "residual-writer-"));
  api = new UnrulyApi();
  await api.start();
});
afterEach(async () => {
  await api.stop();
  rmSync(root, { recursive: true });
});

function open(): { spool: MetricSpool; writer: MetricWriter } {
  const spool = MetricSpool.create(join(root, "w1"), owner);
  return { spool, writer: new MetricWriter(spool, api.client()) };
}

/** Two keys, one of which is logged at every third step only. */
function valuesAt(step: number): Record<string, number> {
  return step % 3 === 0 ? { a: step / 7, b: -step } : { a: step / 7 };
}

function expected(steps: number): string[] {
  const all: string[] = [];
  for (let step = 1; step <= steps; step++) {
    for (const [key, value] of Object.entries(valuesAt(step))) all.push(`${step} ${key} ${value}`);
  }
  return all.sort();
}

function stored(): string[] {
  return api.stored.map(({ step, key, value }) => `${step} ${key} ${value}`).sort();
}

/** A fixed sequence of moods, so that a failure can be repeated. */
function moody(seed: number): () => Mischief {
  const moods: Mischief[] = ["none", "none", "none", "drop", "drop-answer", "unavailable", "handle-twice"];
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return moods[Math.floor((state / 2 ** 32) * moods.length)]!;
  };
}

describe("MetricWriter", () => {
  it.each([1, 2, 3])("stores every point once, whatever a network does to requests and answers (%i)", async (seed) => {
    const { spool, writer } = open();
    api.mischief = moody(seed);
    for (let step = 1; step <= 300; step++) {
      writer.log(step, 1_700_000_000_000 + step, valuesAt(step));
      if (step % 20 === 0) await setImmediate();
    }
    await writer.flush();
    expect(stored()).toEqual(expected(300));
    expect(spool.waiting).toBe(0);
    const seqs = [...new Set(api.stored.map((point) => point.seq))];
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
    spool.close();
  });

  it("keeps non-finite values and minus zero bit by bit", async () => {
    const { spool, writer } = open();
    writer.log(1, 1, { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: -0 });
    await writer.flush();
    expect(api.stored.map((point) => point.value)).toEqual([Number.NaN, Number.POSITIVE_INFINITY, -0]);
    spool.close();
  });

  it("packs what is logged during a request into one frame, at most 5,000 points each", async () => {
    const { spool, writer } = open();
    writer.log(1, 1, { a: 1 });
    await Promise.resolve();
    for (let step = 2; step <= 12_001; step++) writer.log(step, step, { a: step });
    await writer.flush();
    const sizes = new Map<number, number>();
    for (const { seq } of api.stored) sizes.set(seq, (sizes.get(seq) ?? 0) + 1);
    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(5000);
    expect(sizes.size).toBeLessThanOrEqual(5);
    expect(api.stored).toHaveLength(12_001);
    spool.close();
  });

  it("goes on by itself when the API comes back, and what was acknowledged before stays stored once", async () => {
    const { spool, writer } = open();
    for (let step = 1; step <= 50; step++) writer.log(step, step, valuesAt(step));
    await writer.flush();
    await api.stop();
    for (let step = 51; step <= 100; step++) writer.log(step, step, valuesAt(step));
    const flushed = writer.flush();
    await api.start();
    await flushed;
    expect(stored()).toEqual(expected(100));
    spool.close();
  });

  it("leaves what a dead process had logged on disk, and the next one sends it", async () => {
    const process = new AbortController();
    const spool = MetricSpool.create(join(root, "w1"), owner);
    const writer = new MetricWriter(spool, api.client(), undefined, process.signal);
    for (let step = 1; step <= 10; step++) writer.log(step, step, valuesAt(step));
    await writer.flush();
    await api.stop();
    for (let step = 11; step <= 20; step++) writer.log(step, step, valuesAt(step));
    writer.cut();
    // The process ends here, and its requests with it.
    process.abort(new Error("killed"));
    await expect(writer.flush()).rejects.toThrow("killed");
    spool.close();
    await api.start();

    await sendLeftoverSpools(root, api.client(), silent, new AbortController().signal);
    expect(stored()).toEqual(expected(20));
    expect(readdirSync(root)).toEqual([]);
  });

  it("stops when it is fenced, keeps its spool, and the next process sets it aside", async () => {
    const { spool } = open();
    const failures: Error[] = [];
    api.fencedBelow = 2;
    const writer = new MetricWriter(spool, api.client(), (error) => failures.push(error));
    writer.log(1, 1, { a: 1 });
    await expect(writer.flush()).rejects.toThrow("another worker holds the job");
    expect(failures).toHaveLength(1);
    expect(spool.waiting).toBe(1);
    spool.close();
    await sendLeftoverSpools(root, api.client(), silent, new AbortController().signal);
    expect(readdirSync(root)).toEqual(["w1.refused"]);
    expect(api.stored).toEqual([]);
  });

  it("ends the run, not the process, when the disk is full while the API does not answer", async () => {
    await api.stop();
    const spool = MetricSpool.create(join(root, "w1"), owner);
    const process = new AbortController();
    let fail = (_error: Error) => {};
    const failed = new Promise<Error>((resolve) => (fail = resolve));
    const writer = new MetricWriter(spool, api.client(), fail, process.signal);
    writer.log(1, 1, { a: 1 });
    await setImmediate();
    // The first frame is on disk and waits for its answer; the next one is cut by a timer.
    expect(spool.waiting).toBe(1);
    let outcome: Error | undefined;
    await onFullDisk(async () => {
      writer.log(2, 2, { a: 2 });
      // The limit is there so that a broken writer fails this test while its process can write its report.
      outcome = await Promise.race([failed, setTimeout(2_000, undefined)]);
    });
    expect(outcome?.message).toMatch(/No space for the metrics/);
    process.abort(new Error("the test is over"));
    spool.close();
  });
});
