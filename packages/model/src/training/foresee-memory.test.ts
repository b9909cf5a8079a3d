import { completeTrainingConfig, estimateMemory } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tinyResNet } from "../architectures/tiny.js";
import type { Executor } from "../executors/executor.js";
import { OutOfMemoryError } from "../executors/out-of-memory-error.js";
import { openWasm } from "../executors/wasm/wasm-executor.js";
import { partsThatFit } from "./foresee-memory.js";
import { probeStep } from "./preflight.js";
import { collect, config, of, openTrainingBench, type TrainingBench } from "./training-bench.fixture.js";

let bench: TrainingBench;
beforeAll(async () => {
  bench = await openTrainingBench();
});
afterAll(() => bench.remove());

const of32 = completeTrainingConfig({ ...config, batchSize: 32, imageSize: 64, initialWeights: "RANDOM" });

/** The wasm executor, and how many images each of its runs was given. */
async function watched(): Promise<{ executor: Executor; given: number[] }> {
  const wasm = await openWasm();
  const given: number[] = [];
  const executor: Executor = {
    ...wasm,
    async openSession(graphs, options) {
      const session = await wasm.openSession(graphs, options);
      const run = session.run.bind(session);
      session.run = (graph, fetch, feeds) => {
        given.push(feeds.get("images")!.length / (of32.imageSize ** 2 * 3));
        return run(graph, fetch, feeds);
      };
      return session;
    },
  };
  return { executor, given };
}

describe("partsThatFit", () => {
  it("takes the config's word where the estimate is far below the memory, and measures nothing", async () => {
    const { executor, given } = await watched();
    const subject = { executor, architecture: tinyResNet, config: { ...of32, microBatches: 2 }, classes: 4 };
    expect(await partsThatFit(subject, { batchSize: 32, memoryBytes: 2 ** 40 })).toBe(2);
    expect(given).toEqual([]);
  });

  it("finds parts that fit, and never tries a step that is expected not to", async () => {
    const { executor, given } = await watched();
    const subject = { executor, architecture: tinyResNet, config: of32, classes: 4 };
    const cut = { ...subject, config: { ...of32, batchSize: 24, microBatches: 2 } };
    const { peakBytes } = await probeStep(cut, 12);
    given.length = 0;
    const parts = await partsThatFit(subject, { batchSize: 32, memoryBytes: peakBytes });
    expect(parts).toBeGreaterThanOrEqual(3);
    expect(parts).toBeLessThanOrEqual(4);
    expect(Math.max(...given)).toBeLessThanOrEqual(13);
  });

  it("measures where the estimate is above half of the memory, beginning with steps below that half", async () => {
    const { executor, given } = await watched();
    const large = { ...of32, batchSize: 256 };
    const bytesOf = (images: number) => estimateMemory({ ...large, batchSize: images }, 4, "wasm");
    const memoryBytes = 2 * bytesOf(100);
    const subject = { executor, architecture: tinyResNet, config: large, classes: 4 };
    expect(await partsThatFit(subject, { batchSize: 256, memoryBytes })).toBe(1);
    expect(given[0]).toBeGreaterThan(20);
    expect(given[0]).toBeLessThanOrEqual(100);
  });

  it("cuts nothing where the estimate was too careful", async () => {
    const { executor } = await watched();
    const memoryBytes = estimateMemory(of32, 4, "wasm");
    const subject = { executor, architecture: tinyResNet, config: of32, classes: 4 };
    expect(await partsThatFit(subject, { batchSize: 32, memoryBytes })).toBe(1);
  });
});

describe("a run on a device with little memory", () => {
  it("begins in parts that fit and says so", async () => {
    const { executor } = await watched();
    const subject = { executor, architecture: tinyResNet, config: { ...config, microBatches: 2 }, classes: 2 };
    const { peakBytes } = await probeStep(subject, 5);
    const events = await collect(await bench.options({ executor, memoryBytes: peakBytes }));
    expect(events[0]!.type).toBe("started");
    const notice = of("notice", events).find(({ kind }) => kind === "BATCH_CUT");
    expect(notice).toMatchObject({
      step: 0,
      message: { values: { batchSize: 8, microBatches: 2 } },
    });
    expect(of("notice", events).map(({ kind }) => kind)).not.toContain("OUT_OF_MEMORY");
    expect(of("finished", events)[0]).toMatchObject({ reason: "completed", step: 9 });
  });

  it("fails with what to do where not even one image fits", async () => {
    const { executor } = await watched();
    const running = collect(await bench.options({ executor, memoryBytes: 1_000 }));
    await expect(running).rejects.toThrow(OutOfMemoryError);
    await expect(running).rejects.toThrow(/does not fit into 1,000 bytes with a single image\. Choose smaller images/);
  });
});
