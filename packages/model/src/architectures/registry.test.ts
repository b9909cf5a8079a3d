import { readFileSync } from "node:fs";
import { type ArchitectureId, multiplyAdds, parameterCount, savedActivations } from "@residual/shared";
import { describe, expect, it } from "vitest";
import { buildEvaluationGraph } from "../graph/evaluation-graph.js";
import { activationElements, countMacs, countParameters } from "../graph/measure.js";
import { buildTrainingGraph } from "../graph/training-graph.js";
import { architecture, architectures } from "./registry.js";
import { tinyResNet, tinyVisionTransformer } from "./tiny.js";

const optimizer = { kind: "adamw", weightDecay: 0.05, decayOnMatricesOnly: true } as const;

interface Counts {
  readonly architectures: Record<
    string,
    {
      readonly parameters: number;
      readonly parameterTensors: number;
      readonly bufferElementsFloat: number;
      readonly parametersWith10Classes: number;
      readonly parametersAt64px?: number;
      readonly macs: Record<string, number>;
    }
  >;
}

const counts: Counts = JSON.parse(readFileSync(new URL("./fixtures/counts.json", import.meta.url), "utf8"));

/** The tables and the advice quote these counts, and checkpoints of the same names must fit: no tolerance. */
describe.each(Object.entries(counts.architectures))("%s has the published size", (id, expected) => {
  const evaluation = (imageSize: number, classes: number) =>
    buildEvaluationGraph({ architecture: architecture(id), imageSize, classes, batchSize: 1 }).graph;

  it("in parameters, tensors and running statistics", () => {
    const graph = evaluation(224, 1000);
    expect(countParameters(graph)).toBe(expected.parameters);
    expect(graph.variables.filter((variable) => variable.trainable)).toHaveLength(expected.parameterTensors);
    const statistics = graph.variables.filter((variable) => variable.kind.startsWith("running"));
    expect(statistics.reduce((sum, variable) => sum + variable.shape[0]!, 0)).toBe(expected.bufferElementsFloat);
    expect(countParameters(evaluation(224, 10))).toBe(expected.parametersWith10Classes);
    if (expected.parametersAt64px) expect(countParameters(evaluation(64, 1000))).toBe(expected.parametersAt64px);
  });

  it.each(Object.entries(expected.macs))("in multiply-adds at %s px", (size, macs) => {
    expect(countMacs(evaluation(Number(size), 1000))).toBe(macs);
  });
});

/**
 * Elements that PyTorch keeps of one image for its backward pass, in millions, from the reference (models.md §1.6). Its figures hold
 * the image too, and for the max-pool one 64-bit index a result: two elements. For ViTs they are those of the eager attention, which
 * keeps two matrices a head where the graph keeps one.
 */
const heldByPyTorch = {
  resnet18: 5.54,
  resnet34: 8.05,
  resnet50: 21.48,
  resnet101: 31.71,
  resnet152: 44.36,
  vit_base_patch16_224: 40.2,
  vit_large_patch16_224: 107.3,
} as const;

it.each(Object.entries(heldByPyTorch))(
  "%s keeps for the backward pass what PyTorch does: %d million elements",
  (id, expected) => {
    const spec = architecture(id);
    const held = (batchSize: number) =>
      activationElements(
        buildTrainingGraph({ architecture: spec, imageSize: 224, classes: 1000, batchSize, optimizer }).graph,
      );
    const image = 224 * 224 * 3;
    const poolIndices = 2 * 56 * 56 * 64;
    const { layers } = spec;
    const heads = layers === 24 ? 16 : 12;
    const more = spec.family === "resnet" ? image + poolIndices : layers * heads * 197 ** 2;
    expect(Math.abs((held(2) - held(1) + more) / 1e6 - expected)).toBeLessThan(spec.family === "resnet" ? 0.01 : 0.1);
  },
);

/** The API plans and prices runs by closed formulas; the worker by the graph that it really runs. They must not drift apart. */
describe.each(architectures)("$id: the closed formulas of packages/shared agree with the graph", (spec) => {
  const id = spec.id as ArchitectureId;

  it.each([32, 64, 224])("at %s px", (imageSize) => {
    const options = { architecture: spec, imageSize, classes: 7, batchSize: 1 };
    const { graph } = buildEvaluationGraph(options);
    expect(parameterCount(id, 7, imageSize)).toBe(countParameters(graph));
    expect(multiplyAdds(id, 7, imageSize)).toBe(countMacs(graph));
  });

  it("in what the forward pass keeps for the backward pass, to a sixth", () => {
    const { graph } = buildTrainingGraph({ architecture: spec, imageSize: 224, classes: 7, batchSize: 1, optimizer });
    expect(Math.abs(Math.log(savedActivations(id, 224) / activationElements(graph)))).toBeLessThan(1 / 6);
  });
});

describe("registry", () => {
  it("covers every architecture that has reference counts", () => {
    expect(architectures.map((spec) => spec.id)).toEqual(Object.keys(counts.architectures));
  });

  it("names the known ids when asked for another", () => {
    expect(() => architecture("alexnet")).toThrow(/unknown architecture "alexnet"; known: resnet18, resnet34/);
  });

  it("says which image sizes a ViT takes", () => {
    const options = { architecture: architecture("vit_base_patch16_224"), classes: 2, batchSize: 1 };
    expect(() => buildEvaluationGraph({ ...options, imageSize: 100 })).toThrow("not a multiple of the patch size 16");
  });

  it.each([tinyResNet, tinyVisionTransformer, ...architectures])(
    "differentiates $id for every trained variable",
    (spec) => {
      const { graph, gradients } = buildTrainingGraph({
        architecture: spec,
        imageSize: 32,
        classes: 3,
        batchSize: 2,
        optimizer,
      });
      for (const variable of graph.variables.filter(({ trainable }) => trainable)) {
        expect(gradients.get(variable.name)?.shape, variable.name).toEqual(variable.shape);
      }
      expect(graph.nodes.some((node) => node.op === "conv2dGradInput" && node.attributes.inputShape[3] === 3)).toBe(
        false,
      );
    },
  );
});
