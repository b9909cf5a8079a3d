import { expect, it } from "vitest";
import { requirePrecision } from "./precision.js";
import { referenceExecutor } from "./reference/reference-executor.js";
import { openWasm } from "./wasm/wasm-executor.js";

it("a precision that the device lacks is refused with what it has and what is needed", () => {
  const cpu = { device: "TensorFlow on CPU", precisions: ["fp32", "bf16"] } as const;
  expect(() => requirePrecision(cpu, "tf32")).toThrow(
    /TensorFlow on CPU has no tf32: it needs .*Ampere.*Train with fp32 or bf16 here, or on another worker/,
  );
  expect(() => requirePrecision(cpu, "bf16")).not.toThrow();
});

it("executors of float32 alone open no session in less", async () => {
  for (const executor of [referenceExecutor, await openWasm()]) {
    expect(executor.precisions).toEqual(["fp32"]);
    await expect(executor.openSession([], { precision: "bf16" })).rejects.toThrow(/has no bf16/);
  }
});
