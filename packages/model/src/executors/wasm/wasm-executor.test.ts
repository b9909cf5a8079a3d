import { describe } from "vitest";
import { describeConformance } from "../conformance.js";
import { openWasm } from "./wasm-executor.js";

describe("wasm executor", () =>
  describeConformance(openWasm, {
    evaluation: ["resnet18-64-eval", "resnet18-224-eval", "resnet50-224-eval", "vit_base_patch16_224-224-eval"],
    training: true,
  }));
