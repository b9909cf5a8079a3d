import { completeTrainingConfig, type TrainingConfig } from "@residual/shared";
import { describe, expect, it } from "vitest";
import { tinyResNet, tinyVisionTransformer } from "../architectures/tiny.js";
import type { GraphNode } from "../graph/graph.js";
import type { OperationAttributes } from "../graph/operation.js";
import { buildPrograms } from "./training-programs.js";

const config = completeTrainingConfig({
  architecture: "resnet18",
  batchSize: 8,
  epochs: 3,
  learningRate: 1e-2,
  imageSize: 16,
  initialWeights: "RANDOM",
});

function nodesOf(changes: Partial<TrainingConfig>, architecture = tinyResNet): readonly GraphNode[] {
  const options = { architecture, classes: 4, trainExamples: 80, microBatches: 1 };
  return buildPrograms({ ...options, config: { ...config, ...changes } }).phases[0]!.training.graph.nodes;
}

/** Of every update of a weight, by the weight's name. */
function updatesOf<Op extends "applyMomentum" | "applyAdamW">(nodes: readonly GraphNode[], op: Op) {
  const found = nodes.filter((node) => node.op === op).map((node) => node.attributes as OperationAttributes[Op]);
  return new Map(found.map((attributes) => [attributes.name, attributes]));
}

describe("the graph of a step has what the config says", () => {
  it("of the optimizer: momentum of 0.9, and decay of matrices and filters alone", () => {
    const sgd = updatesOf(nodesOf({ optimizer: "SGD", weightDecay: 0.3 }), "applyMomentum");
    expect(sgd.get("conv1.weight")).toMatchObject({ momentum: 0.9, nesterov: false, weightDecay: 0.3 });
    expect(sgd.get("bn1.weight")).toMatchObject({ weightDecay: 0 });
    const adam = updatesOf(nodesOf({ optimizer: "ADAMW", weightDecay: 0.3 }), "applyAdamW");
    expect(adam.get("fc.weight")).toMatchObject({ beta1: 0.9, beta2: 0.999, weightDecay: 0.3 });
    expect(adam.get("fc.bias")).toMatchObject({ weightDecay: 0 });
  });

  it("of each layer's learning rate: the head's multiple, and less from layer to layer below", () => {
    const rates = updatesOf(
      nodesOf({ headLearningRateFactor: 7, layerDecay: 0.5 }, tinyVisionTransformer),
      "applyAdamW",
    );
    const rateOf = (name: string) => rates.get(name)!.learningRateScale;
    expect(rateOf("head.weight")).toBe(7);
    expect(rateOf("blocks.0.mlp.fc1.weight")).toBeLessThan(1);
    expect(rateOf("patch_embed.proj.weight")).toBe(rateOf("blocks.0.mlp.fc1.weight") / 2);
  });

  it("of memory: blocks that are computed again instead of kept", () => {
    const convolutions = (nodes: readonly GraphNode[]) => nodes.filter(({ op }) => op === "conv2d").length;
    expect(convolutions(nodesOf({ gradientCheckpointing: true }))).toBeGreaterThan(
      convolutions(nodesOf({ gradientCheckpointing: false })),
    );
  });

  it("of clipping: only where a norm is set", () => {
    const clips = (clipNorm: number) => nodesOf({ clipNorm }).some(({ op }) => op === "clipFactor");
    expect([clips(1), clips(0)]).toEqual([true, false]);
  });
});
