import { expect, it } from "vitest";
import { architecture } from "../architectures/registry.js";
import { tinyResNet, tinyVisionTransformer } from "../architectures/tiny.js";
import { randomData } from "../executors/conformance/random-data.js";
import { evaluateNodes } from "../executors/reference/evaluate.js";
import { initializeVariables } from "../weights/initialize.js";
import { differentiate } from "./differentiate.js";
import type { Value } from "./graph.js";
import { GraphBuilder } from "./graph-builder.js";
import { activationElements, peakElements } from "./measure.js";
import { buildTrainingGraph, type TrainingGraphOptions } from "./training-graph.js";

const optimizer = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayOnMatricesOnly: true } as const;

function build(options: Pick<TrainingGraphOptions, "architecture" | "imageSize" | "batchSize" | "recomputeBlocks">) {
  return buildTrainingGraph({ classes: 3, optimizer, ...options });
}

it.each([tinyResNet, tinyVisionTransformer])("$id: recomputed blocks change no bit of loss and gradients", (spec) => {
  const outcome = (recomputeBlocks: boolean) => {
    const training = build({ architecture: spec, imageSize: 32, batchSize: 2, recomputeBlocks });
    const variables = initializeVariables(training.graph, spec.family, 3);
    for (const { name, kind } of training.graph.variables) if (kind === "residualGamma") variables.get(name)!.fill(0.5);
    const feeds = new Map<string, ArrayLike<number>>([
      ["images", randomData(2 * 32 * 32 * 3, 7)],
      ["targets", [1, 0, 0, 0, 1, 0]],
      ["learningRate", [0.1]],
    ]);
    const values = evaluateNodes(training.graph.nodes, variables, feeds);
    const gradients = [...training.gradients].map(([name, value]) => [name, values.get(value)!] as const);
    return { loss: values.get(training.loss)!, gradients: new Map(gradients), variables };
  };
  expect(outcome(true)).toEqual(outcome(false));
});

it.each([
  ["resnet50", 0.42],
  ["vit_small_patch16_224", 0.3],
] as const)("%s: with recomputed blocks the step needs less than %d of its memory", (id, share) => {
  const [kept, recomputed] = [false, true].map((recomputeBlocks) => {
    const { graph, loss } = build({ architecture: architecture(id), imageSize: 224, batchSize: 8, recomputeBlocks });
    return {
      peak: peakElements(graph, { values: [loss], applyUpdates: true }),
      activations: activationElements(graph),
    };
  });
  expect(recomputed!.activations).toBeLessThan(share * kept!.activations);
  expect(recomputed!.peak).toBeLessThan(share * kept!.peak);
});

it("repeats no update: running statistics move once", () => {
  const updates = [false, true].map((recomputeBlocks) => {
    const { graph } = build({ architecture: tinyResNet, imageSize: 32, batchSize: 2, recomputeBlocks });
    return graph.nodes.filter((node) => node.op === "moveAverage").map((node) => node.attributes.name);
  });
  expect(updates[1]).toEqual(updates[0]);
  expect(new Set(updates[1]).size).toBe(updates[1]!.length);
});

it("refuses a block of which more than the result is used", () => {
  const graph = new GraphBuilder();
  const x = graph.variable({ name: "x", shape: [4], kind: "bias", trainable: true });
  let inner: Value | undefined;
  const y = graph.block(x, (input) => {
    inner = graph.scale(input, 2);
    return graph.relu(inner);
  });
  const loss = graph.mean(graph.add(y, inner!));
  expect(() => differentiate(graph, loss, [x], { recomputeBlocks: true })).toThrow(
    "a value of scale is used outside of its block",
  );
});
