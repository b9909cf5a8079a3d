import { describe, expect, it } from "vitest";
import { architecture } from "../../architectures/registry.js";
import { tinyResNet } from "../../architectures/tiny.js";
import { buildEvaluationGraph } from "../../graph/evaluation-graph.js";
import { GraphBuilder } from "../../graph/graph-builder.js";
import { buildTrainingGraph } from "../../graph/training-graph.js";
import { initializeVariables } from "../../weights/initialize.js";
import { referenceImages, referenceTargets } from "../conformance/reference-stream.js";
import { describeConformance } from "../conformance.js";
import type { Executor } from "../executor.js";
import { OutOfMemoryError } from "../out-of-memory-error.js";
import { loadCApi } from "./c-api.js";
import { type FoundLibrary, findTensorFlow } from "./find-library.js";
import { TensorFlowSession } from "./session.js";
import { openTensorFlow } from "./tensorflow.js";

const opened = await openTensorFlow();

if ("unavailable" in opened) {
  describe("TensorFlow executor", () => {
    it.skip(`skipped: no TensorFlow library (${opened.unavailable})`, () => {});
  });
} else {
  const executor: Executor = opened;
  describe(executor.device, () => {
    describeConformance(async () => executor, {
      evaluation: ["resnet18-64-eval", "resnet18-224-eval", "resnet50-224-eval", "vit_base_patch16_224-224-eval"],
      training: true,
    });

    it("says that memory ran out as an OutOfMemoryError with what to do, and goes on", async () => {
      const graph = new GraphBuilder();
      const x = graph.placeholder("x", [1, 10 ** 6]);
      const small = graph.append("scale", { factor: 2 }, [x])[0]!;
      const huge = graph.append("tileBatch", { batch: 10 ** 6 }, [small])[0]!;
      const built = graph.build();
      const session = await executor.openSession([built]);
      const feeds = new Map([["x", new Float32Array(10 ** 6)]]);
      const run = session.run(built, { values: [huge], applyUpdates: false }, feeds);
      await expect(run).rejects.toThrow(OutOfMemoryError);
      await expect(run).rejects.toThrow(/smaller batch/);
      expect(await session.run(built, { values: [small], applyUpdates: false }, feeds)).toHaveLength(1);
      session.dispose();
      // TensorFlow asks for ten seconds whether memory has become free.
    }, 60_000);

    it("trains in bfloat16 with a loss within 1 % of float32's", async () => {
      const training = buildTrainingGraph({
        architecture: architecture("resnet18"),
        imageSize: 64,
        classes: 10,
        batchSize: 8,
        optimizer: { kind: "sgd", momentum: 0.9, weightDecay: 0, decayOnMatricesOnly: true },
      });
      const found = (await findTensorFlow()) as FoundLibrary;
      const api = await loadCApi(found.folder, found.core);
      const losses: number[] = [];
      for (const precision of ["fp32", "bf16"] as const) {
        // Not through the executor, which offers it only to processors that gain from it.
        const session = await TensorFlowSession.open(api, [training.graph], precision, { threads: 2, xla: false });
        await session.write(initializeVariables(training.graph, "resnet", 1));
        const [loss, norm] = await session.run(
          training.graph,
          { values: [training.loss, training.gradientNorm], applyUpdates: true },
          new Map([
            ["images", referenceImages("bfloat16", 8, 64)],
            ["targets", referenceTargets("bfloat16", 8, 10)],
            ["learningRate", Float32Array.of(0.01)],
          ]),
        );
        expect(norm![0]).toBeGreaterThan(0);
        losses.push(loss![0]!);
        session.dispose();
      }
      const [float32, bfloat16] = losses as [number, number];
      expect(bfloat16).not.toBe(float32);
      expect(Math.abs(bfloat16 - float32) / float32).toBeLessThan(1e-2);
    });

    it.runIf(executor.device.includes("CPU"))("refuses XLA on a CPU, and TF32, with the reason", async () => {
      expect(await openTensorFlow({ xla: true })).toEqual({
        unavailable: expect.stringContaining("several times slower"),
      });
      process.env.RESIDUAL_XLA = "1";
      try {
        expect(await openTensorFlow()).toEqual({ unavailable: expect.stringContaining("do without RESIDUAL_XLA=1") });
      } finally {
        delete process.env.RESIDUAL_XLA;
      }
      await expect(executor.openSession([], { precision: "tf32" })).rejects.toThrow(/has no tf32: it needs .*Ampere/);
    });

    it("frees a session that is closed while it runs only after that run", async () => {
      const { graph, logits } = buildEvaluationGraph({
        architecture: tinyResNet,
        imageSize: 64,
        classes: 3,
        batchSize: 16,
      });
      const session = await executor.openSession([graph]);
      const feeds = new Map([["images", new Float32Array(16 * 64 * 64 * 3)]]);
      const running = session.run(graph, { values: [logits], applyUpdates: false }, feeds);
      session.dispose();
      const outcome = await running.catch((error: unknown) => error);
      expect(outcome instanceof Error || Array.isArray(outcome)).toBe(true);
      await expect(session.run(graph, { values: [logits], applyUpdates: false }, feeds)).rejects.toThrow("closed");
    });
  });
}
