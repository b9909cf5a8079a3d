import { describe, it } from "vitest";
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
  });
}
