import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { architectureIds } from "../training-config/architecture-id.js";
import { architectureFacts } from "./architecture-facts.js";
import { bufferCount, multiplyAdds, parameterCount, savedActivations } from "./counts.js";
import { checkpointBytes, estimateMemory } from "./memory-estimate.js";

type Counts = {
  parameters: number;
  parametersWith10Classes: number;
  parametersAt64px?: number;
  bufferElementsFloat: number;
  macs: Record<string, number>;
};
const fixture = JSON.parse(readFileSync(new URL("fixtures/counts.json", import.meta.url), "utf8")) as {
  architectures: Record<string, Counts>;
};

describe.each(architectureIds)("%s", (architecture) => {
  const expected = fixture.architectures[architecture]!;

  it("has exactly the parameters and buffers of torchvision and timm", () => {
    expect(parameterCount(architecture, 1000)).toBe(expected.parameters);
    expect(parameterCount(architecture, 10)).toBe(expected.parametersWith10Classes);
    expect(parameterCount(architecture, 1000, 64)).toBe(expected.parametersAt64px ?? expected.parameters);
    expect(bufferCount(architecture)).toBe(expected.bufferElementsFloat);
  });

  it.each(Object.entries(expected.macs))("takes the counted multiply-adds at %s px", (imageSize, macs) => {
    expect(multiplyAdds(architecture, 1000, Number(imageSize))).toBe(macs);
  });
});

it.each([
  ["resnet18", "5.54", 18, 2],
  ["resnet50", "21.48", 50, 2],
  ["resnet101", "31.71", 101, 2],
  ["vit_base_patch16_224", "40.2", 12, 1],
  ["vit_large_patch16_224", "107.3", 24, 1],
] as const)(
  "%s keeps %s million activations of an image and has %d layers",
  (architecture, millions, layers, decimals) => {
    // The published counts are PyTorch's, which also keeps the index of every maximum of the pool, as 64-bit integers.
    const poolIndices = architecture.startsWith("resnet") ? 2 * 64 * 56 ** 2 : 0;
    expect(((savedActivations(architecture) + poolIndices) / 1e6).toFixed(decimals)).toBe(millions);
    expect(architectureFacts(architecture).layers).toBe(layers);
  },
);

it("draws ResNet-101 as 3, 4, 23 and 3 bottlenecks", () => {
  expect(architectureFacts("resnet101").stages).toEqual([
    { block: "bottleneck", repeats: 3, channels: 256, downsampling: 4 },
    { block: "bottleneck", repeats: 4, channels: 512, downsampling: 8 },
    { block: "bottleneck", repeats: 23, channels: 1024, downsampling: 16 },
    { block: "bottleneck", repeats: 3, channels: 2048, downsampling: 32 },
  ]);
});

describe("estimateMemory", () => {
  it.each([
    ["resnet18", 64, 32, 738],
    ["resnet18", 224, 8, 870],
    ["resnet50", 224, 8, 1690],
    ["resnet101", 224, 4, 1730],
    ["vit_base_patch16_224", 224, 4, 2140],
  ] as const)(
    "is within 20 percent of the peak measured: %s at %d px, batch %d, %d MB",
    (architecture, imageSize, batchSize, megabytes) => {
      const estimate = estimateMemory({ architecture, imageSize, batchSize, optimizer: "SGD" }, 1000) / 1e6;
      expect(Math.abs(estimate / megabytes - 1)).toBeLessThan(0.2);
    },
  );

  it("grows by 1.6 times the activations of an image, and by one number a parameter for AdamW", () => {
    const config = { architecture: "resnet50", imageSize: 224, batchSize: 8, optimizer: "SGD" } as const;
    const base = estimateMemory(config, 10);
    expect(estimateMemory({ ...config, batchSize: 9 }, 10) - base).toBeCloseTo(
      1.6 * 4 * savedActivations("resnet50"),
      -1,
    );
    expect(estimateMemory({ ...config, optimizer: "ADAMW" }, 10) - base).toBe(4 * parameterCount("resnet50", 10));
  });

  it("takes an executor at its measured share of the activations, and the larger one where none is known", () => {
    const config = { architecture: "resnet50", imageSize: 224, batchSize: 8, optimizer: "SGD" } as const;
    const activations = 4 * 8 * savedActivations("resnet50");
    const base = estimateMemory(config, 10);
    expect(estimateMemory(config, 10, "tensorflow")).toBe(base);
    for (const executor of ["wasm", "wasm-blas", "webgpu"])
      expect(base - estimateMemory(config, 10, executor)).toBeCloseTo(0.5 * activations, -1);
  });

  it("counts the activations of one micro-batch, and a part of them where they are computed again", () => {
    const config = { architecture: "vit_base_patch16_224", imageSize: 224, batchSize: 8, optimizer: "SGD" } as const;
    const activations = 1.6 * 4 * savedActivations("vit_base_patch16_224");
    const base = estimateMemory(config, 10);
    expect(base - estimateMemory({ ...config, microBatches: 4 }, 10)).toBeCloseTo(6 * activations, -1);
    const again = estimateMemory({ ...config, gradientCheckpointing: true }, 10);
    expect(base - again).toBeCloseTo(0.85 * 8 * activations, -1);
  });
});

it("counts a checkpoint as weights, running statistics and optimizer slots", () => {
  const sized = { architecture: "resnet18", imageSize: 224 } as const;
  expect(checkpointBytes({ ...sized, optimizer: "SGD" }, 10)).toBe(4 * (2 * 11_181_642 + 9_600));
  expect(checkpointBytes({ ...sized, optimizer: "ADAMW" }, 10)).toBe(4 * (3 * 11_181_642 + 9_600));
});
