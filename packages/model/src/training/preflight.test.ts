import { completeTrainingConfig } from "@residual/shared";
import { describe, expect, it } from "vitest";
import { architecture } from "../architectures/registry.js";
import { tinyResNet } from "../architectures/tiny.js";
import type { Executor } from "../executors/executor.js";
import { OutOfMemoryError } from "../executors/out-of-memory-error.js";
import { openWasm } from "../executors/wasm/wasm-executor.js";
import { largestBatch } from "./largest-batch.js";
import { measureLatency } from "./measure-latency.js";
import { estimateRun, measureSteps, type PreflightSubject, probeStep } from "./preflight.js";

const config = completeTrainingConfig({
  architecture: "resnet18",
  batchSize: 32,
  epochs: 2,
  learningRate: 1e-3,
  imageSize: 32,
  initialWeights: "RANDOM",
});

async function subject(changes: Partial<PreflightSubject> = {}): Promise<PreflightSubject> {
  return { executor: await openWasm(), architecture: tinyResNet, config, classes: 4, ...changes };
}

/** The wasm executor where runs of more images than this find no memory. */
async function withRoomFor(images: number): Promise<Executor> {
  const wasm = await openWasm();
  return {
    ...wasm,
    async openSession(graphs, options) {
      const session = await wasm.openSession(graphs, options);
      return {
        read: (names) => session.read(names),
        write: (values) => session.write(values),
        memory: () => session.memory(),
        dispose: () => session.dispose(),
        async run(graph, fetch, feeds) {
          if (feeds.get("images")!.length / (32 * 32 * 3) > images) throw new OutOfMemoryError("too many images");
          return session.run(graph, fetch, feeds);
        },
      };
    },
  };
}

describe("measureSteps", () => {
  it("foretells the memory of a size that was not measured within 5 %", async () => {
    const probed = await subject();
    const cost = await measureSteps(probed);
    const { peakBytes } = await probeStep(probed, 32);
    const expected = estimateRun(cost, config, { trainImages: 320, evaluatedImages: 100 }).peakBytes;
    expect(Math.abs(expected / peakBytes - 1)).toBeLessThan(0.05);
    expect(cost.secondsPerImage).toBeGreaterThan(0);
  });

  it("counts the parts of a batch: less memory at a time, and slots for the sums", async () => {
    const parts = await subject({ config: { ...config, microBatches: 4 } });
    const images = { trainImages: 320, evaluatedImages: 100 };
    const whole = estimateRun(await measureSteps(await subject()), config, images);
    const cut = estimateRun(await measureSteps(parts), parts.config, images);
    expect(cut.peakBytes).toBeLessThan(0.6 * whole.peakBytes);
  });

  it("measures smaller sizes where the wanted ones do not fit, and gives up at one that never does", async () => {
    expect((await measureSteps(await subject({ executor: await withRoomFor(4) }))).bytesPerImage).toBeGreaterThan(0);
    await expect(measureSteps(await subject({ executor: await withRoomFor(0) }))).rejects.toThrow(OutOfMemoryError);
  });
});

it("estimateRun adds steps and evaluations up", () => {
  const cost = { fixedBytes: 100, bytesPerImage: 10, fixedSeconds: 0.5, secondsPerImage: 0.1 };
  const images = { trainImages: 70, evaluatedImages: 30 };
  const estimate = estimateRun(cost, { ...config, microBatches: 2 }, images);
  expect(estimate.peakBytes).toBe(260);
  expect(estimate.secondsPerStep).toBeCloseTo(4.2, 12);
  expect(estimate.seconds).toBeCloseTo(2 * 2 * 4.2 + 2 * 30 * 0.1 * (1 / 3), 12);
});

it("a forward pass is a smaller share of a step whose blocks are computed twice", () => {
  const cost = { fixedBytes: 0, bytesPerImage: 0, fixedSeconds: 0, secondsPerImage: 1 };
  const seconds = (gradientCheckpointing: boolean) =>
    estimateRun(cost, { ...config, gradientCheckpointing }, { trainImages: 32, evaluatedImages: 12 }).seconds;
  expect(seconds(false) - 2 * 32).toBeCloseTo(2 * 4, 9);
  expect(seconds(true) - 2 * 32).toBeCloseTo(2 * 3, 9);
});

describe("largestBatch", () => {
  it("fills the memory that is given, and not more", async () => {
    const probed = await subject();
    const memoryLimit = (await probeStep(probed, 21)).peakBytes;
    const found = await largestBatch(probed, { memoryLimit, most: 256 });
    expect((await probeStep(probed, found)).peakBytes).toBeLessThanOrEqual(memoryLimit);
    expect(found).toBeGreaterThanOrEqual(19);
    expect(await largestBatch(probed, { memoryLimit: 2 ** 33, most: 24 })).toBe(24);
  });

  it("finds the limit of a device that has less than it says", async () => {
    const probed = await subject({ executor: await withRoomFor(11) });
    expect(await largestBatch(probed, { memoryLimit: 2 ** 33, most: 64 })).toBe(11);
  });

  it("believes what a step took, not the line through two small ones", async () => {
    const wasm = await openWasm();
    let images = 0;
    const executor: Executor = {
      ...wasm,
      async openSession(graphs, options) {
        const session = await wasm.openSession(graphs, options);
        const run = session.run.bind(session);
        session.run = (graph, fetch, feeds) => {
          images = feeds.get("images")!.length / (32 * 32 * 3);
          return run(graph, fetch, feeds);
        };
        session.memory = () => ({ current: 0, peak: images ** 2 });
        return session;
      },
    };
    expect(await largestBatch(await subject({ executor }), { memoryLimit: 40 ** 2, most: 64 })).toBe(40);
  });

  it("says what to do where not even one image fits", async () => {
    const found = largestBatch(await subject(), { memoryLimit: 1000, most: 64 });
    await expect(found).rejects.toThrow(/tiny ResNet at 32 px does not fit into 1,000 bytes.*Choose smaller images/s);
  });
});

it("nothing is measured with all initial values in memory at once", async () => {
  const wasm = await openWasm();
  const largest = new Map<string, number>();
  const watched = (what: string): Executor => ({
    ...wasm,
    async openSession(graphs, options) {
      const session = await wasm.openSession(graphs, options);
      const write = session.write.bind(session);
      session.write = (values) => {
        const bytes = [...values.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
        largest.set(what, Math.max(largest.get(what) ?? 0, bytes));
        return write(values);
      };
      return session;
    },
  });
  // 94 MB of weights.
  const large = architecture("resnet50");
  const sizes = { imageSize: 32, classes: 4, batchSize: 1, singles: 1 };
  await measureLatency(watched("latency"), { architecture: large, ...sizes });
  await probeStep(await subject({ executor: watched("steps"), architecture: large }), 1);
  for (const what of ["latency", "steps"]) expect(largest.get(what), what).toBeLessThanOrEqual(64 * 2 ** 20);
});

it("measureLatency tells how long one image takes, and how many go in batches", async () => {
  const options = { architecture: tinyResNet, imageSize: 32, classes: 4, batchSize: 8, singles: 5 };
  const speed = await measureLatency(await openWasm(), options);
  expect(speed.latencyP50Milliseconds).toBeGreaterThan(0);
  expect(speed.latencyP95Milliseconds).toBeGreaterThanOrEqual(speed.latencyP50Milliseconds);
  expect(speed.inferenceImagesPerSecond).toBeGreaterThan(0);
});
