import { describe, it } from "vitest";
import { describeConformance } from "../conformance.js";
import { openWasmBlas } from "./wasm-executor.js";

const opened = await openWasmBlas();

// Runs where OpenBLAS is installed: nothing of Residual needs it.
if ("unavailable" in opened) it.skip(`skipped: no wasm-blas executor (${opened.unavailable})`, () => {});
else {
  describe("wasm-blas executor", () =>
    describeConformance(async () => opened, {
      evaluation: ["resnet18-64-eval", "resnet18-224-eval", "resnet50-224-eval", "vit_base_patch16_224-224-eval"],
      training: true,
    }));
}
