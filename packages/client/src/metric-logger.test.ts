import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { onFullDisk } from "./full-disk.fixture.js";
import { type OpenRunOptions, openRun } from "./open-run.js";
import type { Problem } from "./problem.js";
import { sendLeftovers } from "./send-leftovers.js";
import { UnrulyApi } from "./unruly-api.fixture.js";

let root: string;
let api: UnrulyApi;
let problems: Problem[];
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "residual-client-"));
  problems = [];
  api = new UnrulyApi();
  await api.start();
});
afterEach(async () => {
  await api.stop();
  rmSync(root, { recursive: true });
});

const onProblem = (problem: Problem) => void problems.push(problem);
const open = (options: Partial<OpenRunOptions> = {}) =>
  openRun({ url: api.url, key: "res_test", run: "run_1", spoolFolder: root, onProblem, ...options });
const kinds = () => problems.map(({ kind }) => kind);

/** Two keys, one of which is logged at every third step only. */
const valuesAt = (step: number): Record<string, number> =>
  step % 3 === 0 ? { a: step / 7, b: -step } : { a: step / 7 };
const expected = (steps: number) =>
  Array.from({ length: steps }, (_, i) => i + 1)
    .flatMap((step) => Object.entries(valuesAt(step)).map(([key, value]) => `${step} ${key} ${value}`))
    .sort();
const stored = () => api.stored.map(({ step, key, value }) => `${step} ${key} ${value}`).sort();

/** A fixed sequence of moods, so that a failure can be repeated. */
function moody(seed: number) {
  const moods = ["none", "none", "none", "drop", "drop-answer", "unavailable", "handle-twice"] as const;
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return moods[Math.floor((state / 2 ** 32) * moods.length)]!;
  };
}

describe("a logger", () => {
  it.each([
    [1, 101],
    [2, 101],
    [3, 400],
  ])(
    "stores every point once, whatever a network does to messages and answers (%i, upgrades answered with %i)",
    async (seed, status) => {
      const logger = open();
      api.upgradeStatus = status;
      api.mischief = moody(seed);
      for (let step = 1; step <= 300; step++) {
        logger.log(valuesAt(step), step);
        if (step % 20 === 0) await setImmediate();
      }
      await logger.flush();
      expect(stored()).toEqual(expected(300));
      api.mischief = () => "none";
      expect(await logger.close()).toMatchObject({ left: 0, lost: 0 });
      expect(readdirSync(root)).toEqual([]);
    },
  );

  it("keeps non-finite values and minus zero bit by bit, and takes null and undefined for no value", async () => {
    const logger = open();
    logger.log({ a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY, d: -0 }, 1);
    logger.log({ a: undefined, d: null }, 2);
    await logger.close();
    const values = api.stored.map((point) => point.value);
    expect(values).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]);
  });

  it("sends a lone call at once, and packs what is logged while an answer is awaited into one frame", async () => {
    const logger = open();
    logger.log({ loss: 1 }, 1);
    await logger.flush();
    expect(api.frames.socket).toBe(1);
    let answer = () => {};
    let isAsked = false;
    api.delay = () =>
      new Promise<void>((resolve) => {
        isAsked = true;
        answer = resolve;
      });
    logger.log({ loss: 2 }, 2);
    while (!isAsked) await setImmediate();
    for (let step = 3; step <= 1_000; step++) logger.log({ loss: step }, step);
    api.delay = async () => {};
    answer();
    await logger.close();
    expect(api.stored).toHaveLength(1_000);
    // Frames also end where 20 ms are over, which a busy machine may need.
    expect(api.frames.socket).toBeLessThan(10);
  });

  it("makes few frames of a flood, none above the limit of points", async () => {
    const logger = open();
    for (let step = 0; step < 50_000; step++) logger.log({ a: step, b: 2 * step }, step);
    await logger.close();
    expect(api.stored).toHaveLength(100_000);
    expect(api.frames.socket).toBeLessThan(100);
  });

  it("logs a row with other keys, more keys and keys in another order, and more keys in all than a frame may have", async () => {
    const logger = open();
    logger.log({ a: 1, b: 2 }, 1);
    logger.log({ b: 4, a: 3 }, 2);
    logger.log({ a: 5 }, 3);
    logger.log({ a: 6, b: 7, c: 8 }, 4);
    for (let i = 0; i < 3_000; i++) logger.log({ [`key/${i}`]: i }, 5);
    await logger.close();
    expect(api.stored.filter(({ key }) => key.length === 1).map(({ step, key, value }) => [step, key, value])).toEqual(
      expect.arrayContaining([
        [1, "a", 1],
        [1, "b", 2],
        [2, "a", 3],
        [2, "b", 4],
        [3, "a", 5],
        [4, "c", 8],
      ]),
    );
    expect(api.stored).toHaveLength(3_008);
  });

  it("does not log what no frame may have, says so once, and keeps all else", async () => {
    const logger = open();
    logger.log({ loss: 1 }, 1);
    logger.log({ loss: 1 }, 1.5);
    logger.log({ loss: 1 }, -1);
    logger.log({ loss: 1 }, 2 ** 53);
    logger.log({ "a\u0000b": 1 }, 2);
    logger.log({ ["x".repeat(10_000)]: 1 }, 2);
    logger.log({ loss: 1 }, 2, Number.NaN);
    logger.log({ loss: 1 }, 2, 1_000);
    logger.log({ loss: 2 }, 2);
    await logger.close();
    expect(api.stored.map(({ step, value }) => [step, value])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(kinds()).toEqual(["bad-value"]);
  });

  it("sends steps that are done again after a return to a checkpoint again, after the first ones: the later point stands", async () => {
    const logger = open();
    for (let step = 1; step <= 6; step++) logger.log({ loss: step }, step);
    for (let step = 4; step <= 8; step++) logger.log({ loss: -step }, step);
    await logger.close();
    const steps = api.stored.map(({ step, value }) => [step, value]);
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, -4, -5, -6, -7, -8].map((value) => [Math.abs(value), value]));
  });

  it("goes on by itself when the API comes back, and what was acknowledged before stays stored once", async () => {
    const logger = open();
    for (let step = 1; step <= 50; step++) logger.log(valuesAt(step), step);
    await logger.flush();
    await api.stop();
    for (let step = 51; step <= 100; step++) logger.log(valuesAt(step), step);
    const flushed = logger.flush();
    await api.start();
    await flushed;
    await logger.close();
    expect(stored()).toEqual(expected(100));
  });

  it("stops sending when the key is revoked, says once what to do, logs on to disk; another key then sends it", async () => {
    const logger = open();
    logger.log(valuesAt(1), 1);
    await logger.flush();
    api.upgradeStatus = 401;
    api.refusal = () => ({ code: "UNAUTHENTICATED", message: "The key is revoked." });
    api.endSockets(4403);
    logger.log(valuesAt(2), 2);
    await expect(logger.flush()).rejects.toThrow("The key is revoked.");
    for (let step = 3; step <= 10; step++) logger.log(valuesAt(step), step);
    expect(await logger.close()).toMatchObject({ sent: 0, left: 12, lost: 0 });
    expect(kinds()).toEqual(["refused"]);
    expect(problems[0]!.message).toContain("Make a new key");
    await sendLeftovers(root, { url: api.url, key: "res_still_bad", onProblem });
    expect(readdirSync(root)).toHaveLength(1);
    api.upgradeStatus = 101;
    api.refusal = () => undefined;
    expect(await sendLeftovers(root, { url: api.url, key: "res_new", onProblem })).toBe(12);
    expect(stored()).toEqual(expected(10));
    expect(readdirSync(root)).toEqual([]);
  });

  it.each(["NOT_FOUND", "FENCED"])(
    "stops when the API refuses for good (%s); the next process sets it aside",
    async (code) => {
      const logger = open();
      api.refusal = () => ({ code, message: "There is no such run." });
      logger.log(valuesAt(1), 1);
      await expect(logger.flush()).rejects.toMatchObject({ code });
      expect(await logger.close()).toMatchObject({ left: 1 });
      expect(kinds()).toEqual(["refused"]);
      await sendLeftovers(root, { url: api.url, key: "k", onProblem });
      expect(readdirSync(root)).toEqual([expect.stringMatching(/\.refused$/)]);
    },
  );

  it("sends again what a server that was set back asks for", async () => {
    const logger = open();
    api.refusal = (_, seq) => (seq === 3 ? { code: "RATE_LIMITED", message: "slower" } : undefined);
    for (let step = 1; step <= 5; step++) {
      logger.log(valuesAt(step), step);
      logger.save();
    }
    const flushed = logger.flush();
    while (api.watermarks.size === 0) await setImmediate();
    api.watermarks.set(logger.writer, 1);
    api.refusal = () => undefined;
    await flushed;
    await logger.close();
    expect(new Set(stored())).toEqual(new Set(expected(5)));
  });

  it("keeps metrics in memory while the disk is full, loses none while the API answers, and says both once", async () => {
    const logger = open();
    logger.log(valuesAt(1), 1);
    await logger.flush();
    await onFullDisk(async () => {
      for (let step = 2; step <= 40; step++) {
        logger.log(valuesAt(step), step);
        logger.save();
      }
      await logger.flush();
    });
    for (let step = 41; step <= 50; step++) logger.log(valuesAt(step), step);
    await logger.close();
    expect(stored()).toEqual(expected(50));
    expect(kinds().filter((kind) => kind === "disk")).toHaveLength(1);
    expect(logger.lost).toBe(0);
  });

  it("drops what neither disk nor memory has room for, counts it and says so once; what was kept is sent", async () => {
    await api.stop();
    const logger = open({ diskLimit: 2_000, memoryLimit: 2_000 });
    for (let step = 1; step <= 500; step++) {
      logger.log(valuesAt(step), step);
      logger.save();
    }
    expect(logger.lost).toBeGreaterThan(500);
    expect(kinds().filter((kind) => kind === "lost")).toHaveLength(1);
    await api.start();
    const { lost, left } = await logger.close();
    expect(left).toBe(0);
    expect(api.stored.length + lost).toBe(expected(500).length);
    expect(expected(500)).toEqual(expect.arrayContaining(stored()));
  });

  it("tells the progress of the drain, and leaves on request with what is left on disk", async () => {
    await api.stop();
    const logger = open();
    for (let step = 0; step < 200_000; step++) logger.log({ a: Math.sin(step) }, step);
    await api.start();
    const leaving = new AbortController();
    const seen: number[] = [];
    const result = await logger.close({
      signal: leaving.signal,
      onProgress({ sent, total }) {
        expect(total).toBe(200_000);
        seen.push(sent);
        leaving.abort();
      },
    });
    expect(seen).toHaveLength(1);
    expect(result.sent + result.left).toBe(200_000);
    expect(result.left).toBeGreaterThan(0);
    expect(await sendLeftovers(root, { url: api.url, key: "k", onProblem })).toBe(result.left);
    expect(new Set(api.stored.map(({ step }) => step)).size).toBe(200_000);
  });
});
