import { describe, expect, it } from "vitest";
import { architecture } from "../architectures/registry.js";
import { buildEvaluationGraph } from "./evaluation-graph.js";
import type { VariableSpec } from "./graph.js";
import { isHead, learningRateScales } from "./learning-rate-scale.js";

function variables(id: string): readonly VariableSpec[] {
  return buildEvaluationGraph({ architecture: architecture(id), imageSize: 32, classes: 2, batchSize: 1 }).graph
    .variables;
}

/** Factors by name, of a decay by half and a head at ten times the rate. */
function factors(id: string): Map<string, number> {
  const scale = learningRateScales(architecture(id), { layerDecay: 0.5, headMultiplier: 10 });
  return new Map(variables(id).map((variable) => [variable.name, scale(variable)]));
}

describe("learningRateScales", () => {
  it("halves the rate from layer to layer of a ViT as BEiT and MAE do: embeddings 0, block i is i + 1, norm and head last", () => {
    const found = factors("vit_base_patch16_224");
    for (const name of ["cls_token", "pos_embed", "patch_embed.proj.weight", "patch_embed.proj.bias"]) {
      expect(found.get(name), name).toBe(0.5 ** 13);
    }
    expect(found.get("blocks.0.attn.qkv.weight")).toBe(0.5 ** 12);
    expect(found.get("blocks.11.mlp.fc2.bias")).toBe(0.5);
    expect(found.get("norm.weight")).toBe(1);
    expect(found.get("head.weight")).toBe(10);
  });

  it("goes by the stages of a ResNet", () => {
    const found = factors("resnet50");
    expect(found.get("conv1.weight")).toBe(0.5 ** 5);
    expect(found.get("bn1.weight")).toBe(0.5 ** 5);
    expect(found.get("layer1.0.downsample.0.weight")).toBe(0.5 ** 4);
    expect(found.get("layer4.2.bn3.bias")).toBe(0.5);
    expect(found.get("fc.bias")).toBe(10);
  });

  it.each(["resnet18", "vit_tiny_patch16_224"])(
    "leaves every rate of %s as it is without decay and multiplier",
    (id) => {
      const scale = learningRateScales(architecture(id), { layerDecay: 1, headMultiplier: 1 });
      expect(new Set(variables(id).map(scale))).toEqual(new Set([1]));
    },
  );
});

it.each(["resnet18", "vit_tiny_patch16_224"])("isHead knows the two variables of the classifier of %s", (id) => {
  const head = variables(id).filter(({ name }) => isHead(name));
  expect(head.map(({ shape }) => shape.at(-1))).toEqual([2, 2]);
});
