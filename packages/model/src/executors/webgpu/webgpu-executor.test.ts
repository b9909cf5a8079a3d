import { describe, it } from "vitest";
import { describeConformance } from "../conformance.js";
import type { Executor } from "../executor.js";
import { useSwiftShader } from "./swiftshader.js";
import { openWebGpu } from "./webgpu-executor.js";

const missing = useSwiftShader();
const opened = missing ? { unavailable: missing } : await openWebGpu({ software: true });

if ("unavailable" in opened) it.skip(`skipped: no webgpu executor (${opened.unavailable})`, () => {});
else {
  const executor: Executor = opened;
  describe(executor.device, () => describeConformance(async () => executor, { evaluation: [], training: false }));
}
