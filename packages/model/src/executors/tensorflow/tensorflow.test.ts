import { describe, expect, it } from "vitest";
import { tinyResNet } from "../../architectures/tiny.js";
import { buildEvaluationGraph } from "../../graph/evaluation-graph.js";
import { describeConformance } from "../conformance.js";
import type { Executor } from "../executor.js";
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
      evaluation: ["resnet18-64-eval", "resnet50-224-eval", "vit_base_patch16_224-224-eval"],
      training: true,
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
