import { describe, expect, it } from "vitest";
import { tinyResNet, tinyVisionTransformer } from "../architectures/tiny.js";
import { randomData } from "../executors/conformance/random-data.js";
import { evaluateNodes } from "../executors/reference/evaluate.js";
import { initializeVariables } from "../weights/initialize.js";
import { buildTrainingGraph, type TrainingGraphOptions } from "./training-graph.js";

const pixels = 32 * 32 * 3;
const size = { imageSize: 32, classes: 3 };
const sgd = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayOnMatricesOnly: true } as const;
const adamW = { kind: "adamw", weightDecay: 0, decayOnMatricesOnly: true } as const;

function feedsOf(from: number, to: number): Map<string, ArrayLike<number>> {
  const targets = Array.from({ length: (to - from) * 3 }, (_, i) => (i % 3 === (from + Math.floor(i / 3)) % 3 ? 1 : 0));
  return new Map<string, ArrayLike<number>>([
    ["images", randomData(to * pixels, 7).subarray(from * pixels)],
    ["targets", targets],
    ["learningRate", [0.1]],
    ["step", [1]],
  ]);
}

describe("accumulation", () => {
  it.each([tinyResNet, tinyVisionTransformer])("$id: three micro-batches are one large batch to 1e-6", (spec) => {
    const build = (options: Pick<TrainingGraphOptions, "batchSize" | "accumulation">) =>
      buildTrainingGraph({
        architecture: spec,
        ...size,
        ...options,
        optimizer: adamW,
        freezeBatchNorm: true,
        clipNorm: 0.5,
      });
    const large = build({ batchSize: 6 });
    const small = build({ batchSize: 2, accumulation: 3 });
    const weights = () => initializeVariables(small.graph, spec.family, 3);
    const [once, often] = [weights(), weights()];

    const expected = evaluateNodes(large.graph.nodes, once, feedsOf(0, 6));
    evaluateNodes(small.accumulate!.nodes, often, feedsOf(0, 2));
    evaluateNodes(small.accumulate!.nodes, often, feedsOf(2, 4));
    const actual = evaluateNodes(small.graph.nodes, often, feedsOf(4, 6));

    for (const [name, gradient] of large.gradients) {
      const values = expected.get(gradient)!;
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      actual.get(small.gradients.get(name)!)!.forEach((value, i) => {
        expect(Math.abs(value - values[i]!), name).toBeLessThanOrEqual(1e-6 * largest);
      });
      expect(often.get(`accumulated/${name}`)!.every((value) => value === 0)).toBe(true);
    }
  });

  it("moves running statistics in every micro-batch, and feeds a micro-batch with images and targets alone", () => {
    const { accumulate } = buildTrainingGraph({
      architecture: tinyResNet,
      ...size,
      batchSize: 2,
      optimizer: sgd,
      accumulation: 2,
    });
    const operations = accumulate!.nodes.map(({ op }) => op);
    expect(operations).toContain("moveAverage");
    expect(operations).not.toContain("applyMomentum");
    const feeds = accumulate!.nodes.flatMap((node) => (node.op === "placeholder" ? [node.attributes.name] : []));
    expect(feeds).toEqual(["images", "targets"]);
  });

  it("is nothing with one micro-batch", () => {
    const training = buildTrainingGraph({
      architecture: tinyResNet,
      ...size,
      batchSize: 2,
      optimizer: sgd,
      accumulation: 1,
    });
    expect(training.accumulate).toBeUndefined();
    expect(training.graph.variables.some(({ name }) => name.startsWith("accumulated/"))).toBe(false);
  });
});

describe("the moving average of the weights", () => {
  const training = buildTrainingGraph({
    architecture: tinyResNet,
    ...size,
    batchSize: 2,
    optimizer: sgd,
    emaDecay: 0.99,
  });

  it("needs the number of the step with any optimizer", () => {
    expect(training.feeds).toContain("step");
  });

  it("covers weights and running statistics", () => {
    const names = (isSlot: boolean) =>
      training.graph.variables.filter(({ kind }) => (kind === "slot") === isSlot).map(({ name }) => name);
    const averaged = names(true).filter((name) => name.startsWith("ema/"));
    expect(averaged).toEqual(names(false).map((name) => `ema/${name}`));
  });

  it("starts without bias: the first step copies the weights whatever the slot held", () => {
    const variables = initializeVariables(training.graph, "resnet", 3);
    variables.get("ema/conv1.weight")!.fill(100);
    evaluateNodes(training.graph.nodes, variables, feedsOf(0, 2));
    variables.get("ema/conv1.weight")!.forEach((value, i) => {
      expect(value).toBeCloseTo(variables.get("conv1.weight")![i]!, 5);
    });
  });
});
