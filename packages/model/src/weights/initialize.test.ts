import { describe, expect, it } from "vitest";
import { type ArchitectureSpec, architecture, visionTransformerSpec } from "../architectures/registry.js";
import { buildTrainingGraph } from "../graph/training-graph.js";
import { initializeVariables } from "./initialize.js";

const build = (spec: ArchitectureSpec, classes = 10) =>
  buildTrainingGraph({
    architecture: spec,
    imageSize: 32,
    classes,
    batchSize: 2,
    optimizer: { kind: "sgd", momentum: 0.9, weightDecay: 0, decayOnMatricesOnly: true },
  }).graph;

function deviation(data: Float32Array): number {
  return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
}

describe("initializeVariables", () => {
  const resnet = initializeVariables(build(architecture("resnet18")), "resnet", 1);

  it("starts a ResNet's filters with Kaiming's deviation and its residual branches as the identity", () => {
    expect(deviation(resnet.get("layer4.1.conv1.weight")!)).toBeCloseTo(Math.sqrt(2 / (9 * 512)), 4);
    expect(resnet.get("layer1.0.bn1.weight")![0]).toBe(1);
    expect(resnet.get("layer1.0.bn2.weight")![0]).toBe(0);
    expect(resnet.get("bn1.running_var")![0]).toBe(1);
    expect(resnet.get("bn1.running_mean")![0]).toBe(0);
    expect(resnet.get("momentum/conv1.weight")!.every((value) => value === 0)).toBe(true);
  });

  it("cuts a ViT's normal weights at two deviations of 0.02", () => {
    const small = visionTransformerSpec("small", "small ViT", {
      patchSize: 16,
      width: 192,
      depth: 4,
      heads: 3,
      mlpRatio: 4,
    });
    const vit = initializeVariables(build(small), "vit", 1);
    const weights = vit.get("blocks.3.mlp.fc1.weight")!;
    expect(weights.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)).toBeLessThanOrEqual(0.04);
    // A normal distribution cut at ±2σ keeps 0.8796 of its deviation.
    expect(deviation(weights)).toBeCloseTo(0.02 * 0.8796, 4);
  });

  it("repeats itself for a seed, and changes only the head with the number of classes", () => {
    const again = initializeVariables(build(architecture("resnet18"), 7), "resnet", 1);
    const other = initializeVariables(build(architecture("resnet18")), "resnet", 2);
    expect(again.get("layer2.0.conv1.weight")).toEqual(resnet.get("layer2.0.conv1.weight"));
    expect(again.get("fc.weight")).toHaveLength(512 * 7);
    expect(other.get("layer2.0.conv1.weight")).not.toEqual(resnet.get("layer2.0.conv1.weight"));
  });
});
