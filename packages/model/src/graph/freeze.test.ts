import { describe, expect, it } from "vitest";
import { type ArchitectureSpec, architecture } from "../architectures/registry.js";
import { type TrainedPart, trainedAt } from "./freeze.js";
import { buildTrainingGraph } from "./training-graph.js";

const optimizer = { kind: "adamw", weightDecay: 0, decayOnMatricesOnly: true } as const;

function build(spec: ArchitectureSpec, part: TrainedPart, recomputeBlocks = false) {
  const isTrained = trainedAt(spec, part);
  return buildTrainingGraph({
    architecture: spec,
    imageSize: 32,
    classes: 2,
    batchSize: 2,
    optimizer,
    isTrained,
    recomputeBlocks,
  });
}

/** The modules that get a gradient, each once. */
function trainedModules(spec: ArchitectureSpec, part: TrainedPart): string[] {
  const modules = [...build(spec, part).gradients.keys()].map((name) => /^(layer\d|blocks\.\d+|\w+)/.exec(name)![1]!);
  return [...new Set(modules)];
}

describe("a frozen part", () => {
  const resnet = architecture("resnet18");
  const vit = architecture("vit_tiny_patch16_224");

  it.each([
    [resnet, "HEAD", ["fc"]],
    [resnet, "LAST_STAGE", ["layer4", "fc"]],
    [resnet, "ALL", ["conv1", "bn1", "layer1", "layer2", "layer3", "layer4", "fc"]],
    [vit, "HEAD", ["head"]],
    [vit, "LAST_STAGE", ["blocks.9", "blocks.10", "blocks.11", "norm", "head"]],
  ] as const)("$0.id at %s: gradients are computed for what is trained alone", (spec, part, modules) => {
    expect(trainedModules(spec, part)).toEqual(modules);
  });

  it.each([false, true])("is not differentiated (blocks recomputed: %s)", (recomputeBlocks) => {
    const { graph } = build(resnet, "HEAD", recomputeBlocks);
    const operations = new Set(graph.nodes.map(({ op }) => op));
    for (const op of ["conv2dGradFilter", "conv2dGradInput", "reluGrad", "barrier"])
      expect(operations).not.toContain(op);
  });

  it("has no optimizer slots", () => {
    const slots = build(resnet, "HEAD").graph.variables.filter(({ kind }) => kind === "slot");
    expect(slots.map(({ name }) => name)).toEqual(
      ["weight", "bias"].flatMap((name) => [`adam_m/fc.${name}`, `adam_v/fc.${name}`]),
    );
  });

  it("normalises with its running statistics and does not move them; the trained stage goes on with those of the batch", () => {
    const { graph } = build(resnet, "LAST_STAGE");
    const moved = graph.nodes.flatMap((node) => (node.op === "moveAverage" ? [node.attributes.name] : []));
    expect(moved.every((name) => name.startsWith("layer4."))).toBe(true);
    expect(moved).toHaveLength(2 * 5);
    expect(graph.nodes.filter((node) => node.op === "batchNormTrain")).toHaveLength(5);
    expect(graph.nodes.filter((node) => node.op === "batchNormInference")).toHaveLength(15);
  });

  it("must not be the whole network", () => {
    const nothing = {
      architecture: resnet,
      imageSize: 32,
      classes: 2,
      batchSize: 2,
      optimizer,
      isTrained: () => false,
    };
    expect(() => buildTrainingGraph(nothing)).toThrow("nothing of resnet18 is trained");
  });
});
