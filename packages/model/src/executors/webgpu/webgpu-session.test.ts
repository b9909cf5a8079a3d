import { describe, expect, it } from "vitest";
import { tinyResNet, tinyVisionTransformer } from "../../architectures/tiny.js";
import { buildEvaluationGraph } from "../../graph/evaluation-graph.js";
import type { Value } from "../../graph/graph.js";
import { GraphBuilder } from "../../graph/graph-builder.js";
import { peakElements } from "../../graph/measure.js";
import { buildTrainingGraph } from "../../graph/training-graph.js";
import type { Executor } from "../executor.js";
import { requestAdapter } from "./dawn.js";
import { Gpu } from "./gpu.js";
import { useSwiftShader } from "./swiftshader.js";
import { openWebGpu } from "./webgpu-executor.js";
import { WebGpuSession } from "./webgpu-session.js";

const missing = useSwiftShader();
const sgd = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayOnMatricesOnly: true } as const;

function oneOperation(build: (graph: GraphBuilder, x: Value) => Value, shape: readonly number[]) {
  const graph = new GraphBuilder();
  const result = build(graph, graph.placeholder("x", shape));
  return { graph: graph.build(), result };
}

async function open(): Promise<Executor> {
  const executor = await openWebGpu({ software: true });
  if ("unavailable" in executor) throw new Error(executor.unavailable);
  return executor;
}

async function ownGpu(): Promise<Gpu> {
  const adapter = await requestAdapter();
  if ("unavailable" in adapter) throw new Error(adapter.unavailable);
  return Gpu.open(adapter);
}

describe.skipIf(missing !== undefined)(`webgpu session${missing ? `: ${missing}` : ""}`, () => {
  it("refuses an adapter that computes on the CPU unless it is asked for, and names it", async () => {
    const refused = await openWebGpu({ software: false });
    expect("unavailable" in refused && refused.unavailable).toMatch(/SwiftShader.*CPU.*RESIDUAL_WEBGPU_SOFTWARE=1/);
    expect(await open()).toMatchObject({ name: "webgpu", device: expect.stringMatching(/swiftshader.* by WebGPU/i) });
  });

  it("has no precision but fp32, and says who has it", async () => {
    await expect((await open()).openSession([], { precision: "bf16" })).rejects.toThrow(/no bf16.*Ampere/);
  });

  it("refuses a value that is larger than the GPU binds, with its shape and both sizes", async () => {
    const { graph } = oneOperation((builder, x) => builder.tileBatch(x, 2 ** 29), [1, 4]);
    await expect((await open()).openSession([graph])).rejects.toThrow(
      /result \[536870912,4\] of tileBatch takes 8,589,934,592 bytes; .* at most 1,073,741,824 .*smaller batch/,
    );
  });

  it("computes every element where they need more workgroups than one axis of a dispatch has", async () => {
    const columns = 8_500_000;
    const { graph, result } = oneOperation((builder, x) => builder.transpose(x, [1, 0]), [2, columns]);
    const x = Float32Array.from({ length: 2 * columns }, (_, index) => index % 65_521);
    const session = await (await open()).openSession([graph]);
    const [y] = await session.run(graph, { values: [result], applyUpdates: false }, new Map([["x", x]]));
    session.dispose();
    const wrong = x.findIndex((value, index) => y![2 * (index % columns) + Math.floor(index / columns)] !== value);
    expect(wrong).toBe(-1);
  });

  it.each([tinyResNet, tinyVisionTransformer])(
    "$id: needs little more than what lives at once",
    async (architecture) => {
      const { graph, loss } = buildTrainingGraph({
        architecture,
        imageSize: 32,
        classes: 3,
        batchSize: 8,
        optimizer: sgd,
      });
      const gpu = await ownGpu();
      const session = await WebGpuSession.open(gpu, [graph]);
      const variables = graph.variables.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
      const activations = 4 * peakElements(graph, { values: [loss], applyUpdates: true });
      expect(session.memory().current).toBeGreaterThan(variables + activations / 2);
      expect(session.memory().current).toBeLessThan(variables + 1.6 * activations);
      session.dispose();
      expect(session.memory().current).toBe(0);
      gpu.device.destroy();
    },
  );

  it("says that the GPU was lost, and what to do, in the run that notices and in every later one", async () => {
    const { graph, logits } = buildEvaluationGraph({
      architecture: tinyResNet,
      imageSize: 32,
      classes: 3,
      batchSize: 2,
    });
    const gpu = await ownGpu();
    const session = await WebGpuSession.open(gpu, [graph]);
    const run = () =>
      session.run(
        graph,
        { values: [logits], applyUpdates: false },
        new Map([["images", new Float32Array(2 * 32 * 32 * 3)]]),
      );
    await run();
    gpu.device.destroy();
    await expect(run()).rejects.toThrow(/GPU .*was lost.*last checkpoint/);
    await expect(run()).rejects.toThrow(/was lost/);
    session.dispose();
  });

  it("refuses to be disposed of, or run, under a run", async () => {
    const { graph, result } = oneOperation((builder, x) => builder.relu(x), [8]);
    const session = await (await open()).openSession([graph]);
    const run = () =>
      session.run(graph, { values: [result], applyUpdates: false }, new Map([["x", new Float32Array(8)]]));
    const running = run();
    expect(() => session.dispose()).toThrow(/await the run/);
    await expect(run()).rejects.toThrow(/one graph at a time/);
    await running;
    session.dispose();
  });
});
