import { expect, it } from "vitest";
import { measureGemm } from "./measure-gemm.js";
import { openExecutor } from "./open-executor.js";

it("opens an executor that needs nothing but npm, and its speed can be measured", async () => {
  const executor = await openExecutor("wasm");
  if ("unavailable" in executor) throw new Error(executor.unavailable);
  expect(executor.name).toBe("wasm");
  expect(await measureGemm(executor, 50)).toBeGreaterThan(0);
});

it("says what is missing and what to do when an executor is not there", async () => {
  const before = process.env.RESIDUAL_TENSORFLOW;
  process.env.RESIDUAL_TENSORFLOW = "/nowhere";
  try {
    const opened = await openExecutor("tensorflow");
    expect("unavailable" in opened && opened.unavailable).toMatch(/\/nowhere.*npm run native/s);
  } finally {
    if (before === undefined) delete process.env.RESIDUAL_TENSORFLOW;
    else process.env.RESIDUAL_TENSORFLOW = before;
  }
});
