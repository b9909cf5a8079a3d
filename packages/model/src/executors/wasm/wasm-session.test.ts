import { expect, it } from "vitest";
import { architecture } from "../../architectures/registry.js";
import { buildTrainingGraph } from "../../graph/training-graph.js";
import { OutOfMemoryError } from "../out-of-memory-error.js";
import { openWasm } from "./wasm-executor.js";

const sgd = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayOnMatricesOnly: true } as const;

it("refuses a model that does not fit before anything is allocated, with the bytes needed and available", async () => {
  const { graph } = buildTrainingGraph({
    architecture: architecture("vit_large_patch16_224"),
    imageSize: 224,
    classes: 10,
    batchSize: 8,
    optimizer: { kind: "adamw", weightDecay: 0.05, decayOnMatricesOnly: true },
  });
  const executor = await openWasm();

  // 304 million weights, gradients and two slots each are 4.9 GB before the first activation.
  const opened = executor.openSession([graph]);
  await expect(opened).rejects.toThrow(OutOfMemoryError);
  await expect(opened).rejects.toThrow(
    /needs (4|[5-9]|\d\d),\d{3},\d{3},\d{3} bytes, but WebAssembly has only 4,2\d\d,\d{3},\d{3} .*smaller batch/,
  );
});

it("lets the event loop turn while it computes, so that heartbeats and stop requests get through", async () => {
  const { graph, loss } = buildTrainingGraph({
    architecture: architecture("resnet18"),
    imageSize: 64,
    classes: 10,
    batchSize: 16,
    optimizer: sgd,
  });
  const session = await (await openWasm()).openSession([graph]);
  const feeds = new Map([
    ["images", new Float32Array(16 * 64 * 64 * 3)],
    ["targets", new Float32Array(16 * 10)],
    ["learningRate", Float32Array.of(0.1)],
  ]);
  let turns = 0;
  let running = true;
  const count = (): void => {
    if (running) setImmediate(count);
    turns++;
  };

  const run = session.run(graph, { values: [loss], applyUpdates: true }, feeds);
  expect(() => session.dispose()).toThrow(/await the run/);
  setImmediate(count);
  await run;
  running = false;

  expect(turns).toBeGreaterThan(2);
  session.dispose();
});

it("gives all memory back when it is disposed of, and counts what it holds", async () => {
  const executor = await openWasm();
  const { graph } = buildTrainingGraph({
    architecture: architecture("resnet18"),
    imageSize: 64,
    classes: 10,
    batchSize: 16,
    optimizer: sgd,
  });
  const open = async () => {
    const session = await executor.openSession([graph]);
    const { current } = session.memory();
    session.dispose();
    return { held: current, left: session.memory().current };
  };
  const first = await open();
  // Twenty of them would not fit side by side.
  for (let i = 0; i < 20; i++) expect(await open()).toEqual(first);
  expect(first.held).toBeGreaterThan(2 * 4 * 11_181_642);
  expect(first.left).toBe(0);
});
