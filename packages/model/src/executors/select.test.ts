import { expect, it } from "vitest";
import { selectExecutor } from "./select.js";

it("takes the first executor that is there, measures every one that is, and says what became of the others", async () => {
  const { executor, tried } = await selectExecutor({ prefer: "auto" });

  expect(tried.map(({ name }) => name)).toEqual(["tensorflow", "wasm-blas", "wasm"]);
  expect(tried.filter(({ chosen }) => chosen).map(({ name }) => name)).toEqual([executor.name]);
  expect(tried.find(({ available }) => available)!.chosen).toBe(true);
  for (const { available, gigaflops, detail } of tried) {
    if (available) expect(gigaflops).toBeGreaterThan(0);
    else expect(gigaflops).toBeNull();
    expect(detail).not.toBe("");
  }
});

it("tries only what was asked for", async () => {
  const { executor, tried } = await selectExecutor({ prefer: "wasm" });

  expect(executor.name).toBe("wasm");
  expect(tried).toHaveLength(1);
});

it("says what is missing and what to do when the executor that was asked for is not there", async () => {
  const before = process.env.RESIDUAL_TENSORFLOW;
  process.env.RESIDUAL_TENSORFLOW = "/nowhere";
  try {
    await expect(selectExecutor({ prefer: "tensorflow" })).rejects.toThrow(/\/nowhere.*RESIDUAL_EXECUTOR=auto/s);
  } finally {
    if (before === undefined) delete process.env.RESIDUAL_TENSORFLOW;
    else process.env.RESIDUAL_TENSORFLOW = before;
  }
});
