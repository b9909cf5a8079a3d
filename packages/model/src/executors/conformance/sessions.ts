import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ArchitectureSpec } from "../../architectures/registry.js";
import { tinyResNet, tinyVisionTransformer } from "../../architectures/tiny.js";
import { buildEvaluationGraph } from "../../graph/evaluation-graph.js";
import type { OptimizerConfig } from "../../graph/optimizer.js";
import { buildTrainingGraph } from "../../graph/training-graph.js";
import { initializeVariables } from "../../weights/initialize.js";
import type { Executor, Session } from "../executor.js";
import { referenceExecutor } from "../reference/reference-executor.js";
import { expectClose } from "./operations.js";
import { randomData } from "./random-data.js";

const size = { imageSize: 32, classes: 3, batchSize: 4 };
const optimizers: Record<string, OptimizerConfig> = {
  "SGD with momentum": { kind: "sgd", momentum: 0.9, weightDecay: 0.01, decayOnMatricesOnly: true },
  "Nesterov's SGD": { kind: "sgd", momentum: 0.9, nesterov: true, weightDecay: 0.01, decayOnMatricesOnly: false },
  // With a large epsilon the first steps depend on the size of the gradients, not only on their sign, which rounding could flip.
  AdamW: { kind: "adamw", weightDecay: 0.1, decayOnMatricesOnly: true, epsilon: 1e-3 },
};

function feedsOf(step: number): Map<string, Float32Array> {
  const { imageSize, classes, batchSize } = size;
  const targets = new Float32Array(batchSize * classes);
  for (let i = 0; i < batchSize; i++) targets[i * classes + (i % classes)] = 1;
  return new Map([
    ["images", Float32Array.from(randomData(batchSize * imageSize * imageSize * 3, 7))],
    ["targets", targets],
    ["learningRate", Float32Array.of(0.01)],
    ["step", Float32Array.of(step)],
  ]);
}

function build(architecture: ArchitectureSpec, optimizer: OptimizerConfig) {
  const training = buildTrainingGraph({ architecture, ...size, optimizer, clipNorm: 0.5 });
  const evaluation = buildEvaluationGraph({ architecture, ...size });
  const weights = initializeVariables(training.graph, architecture.family, 3);
  // A zero gamma would hide every error of its residual branch.
  for (const { name, kind } of training.graph.variables) if (kind === "residualGamma") weights.get(name)!.fill(0.5);
  return { training, evaluation, weights };
}

/** A session trains as the reference does, keeps its variables between runs and graphs, and refuses what would corrupt them. */
export function describeSessions(open: () => Promise<Executor>): void {
  // One step of the ResNet only: batch normalisation over few values multiplies every difference of rounding from step to step.
  describe.each([
    { architecture: tinyResNet, steps: 1 },
    { architecture: tinyVisionTransformer, steps: 3 },
  ])("$steps steps of $architecture.id", ({ architecture, steps }) => {
    it.each(Object.entries(optimizers))(
      "with %s change all variables and slots as the reference does",
      async (_, optimizer) => {
        const { training, evaluation, weights } = build(architecture, optimizer);
        const results = [];
        for (const executor of [await open(), referenceExecutor]) {
          const session = await executor.openSession([training.graph, evaluation.graph]);
          await session.write(weights);
          const norms: number[] = [];
          for (let step = 1; step <= steps; step++) {
            const fetch = { values: [training.gradientNorm], applyUpdates: true };
            norms.push((await session.run(training.graph, fetch, feedsOf(step)))[0]![0]!);
          }
          const [logits] = await session.run(
            evaluation.graph,
            { values: [evaluation.logits], applyUpdates: false },
            feedsOf(0),
          );
          const variables = await session.read(training.graph.variables.map(({ name }) => name));
          session.dispose();
          results.push({ norms: Float32Array.from(norms), logits: logits!, variables });
        }
        const [actual, expected] = results as [(typeof results)[0], (typeof results)[0]];
        expectClose(actual.norms, expected.norms, 1e-4, "gradient norms");
        expectClose(actual.logits, expected.logits, 1e-4, "evaluation logits");
        for (const [name, values] of expected.variables) expectClose(actual.variables.get(name)!, values, 2e-4, name);
      },
    );
  });

  describe("a session", () => {
    const { training, evaluation, weights } = build(tinyResNet, optimizers["SGD with momentum"]!);
    const names = training.graph.variables.map(({ name }) => name);
    const fetchLoss = (applyUpdates: boolean) => ({ values: [training.loss], applyUpdates });
    let session: Session;
    beforeEach(async () => {
      session = await (await open()).openSession([training.graph, evaluation.graph]);
      await session.write(weights);
    });
    afterEach(() => session.dispose());

    it("changes no variable unless updates are applied", async () => {
      const [first] = await session.run(training.graph, fetchLoss(false), feedsOf(1));
      const [second] = await session.run(training.graph, fetchLoss(false), feedsOf(1));
      expect(second).toEqual(first);
      expect(await session.read(names)).toEqual(weights);
    });

    it("repeats a step bit for bit from the same variables", async () => {
      await session.run(training.graph, fetchLoss(true), feedsOf(1));
      const once = await session.read(names);
      await session.write(weights);
      await session.run(training.graph, fetchLoss(true), feedsOf(1));
      expect(await session.read(names)).toEqual(once);
      expect(once.get("conv1.weight")).not.toEqual(weights.get("conv1.weight"));
    });

    it("gives copies: what is read does not change with the next step, what was written is not changed", async () => {
      const kept = weights.get("conv1.weight")!.slice();
      const before = (await session.read(["conv1.weight"])).get("conv1.weight")!;
      await session.run(training.graph, fetchLoss(true), feedsOf(1));
      expect(before).toEqual(kept);
      expect(weights.get("conv1.weight")).toEqual(kept);
    });

    it("needs no targets when only logits are fetched", async () => {
      const feeds = new Map([["images", feedsOf(0).get("images")!]]);
      const [logits] = await session.run(evaluation.graph, { values: [evaluation.logits], applyUpdates: false }, feeds);
      expect(logits).toHaveLength(size.batchSize * size.classes);
    });

    it.each([
      ["missing", undefined, "it was not fed"],
      ["too short", new Float32Array(5), "not 5"],
      ["of another type", new Float64Array(12), "Float64Array"],
    ])("refuses a feed that is %s before anything runs, and goes on", async (_, targets, message) => {
      const feeds = feedsOf(1);
      if (targets) feeds.set("targets", targets as unknown as Float32Array);
      else feeds.delete("targets");
      const run = session.run(training.graph, fetchLoss(true), feeds);
      await expect(run).rejects.toThrow(TypeError);
      await expect(run).rejects.toThrow(/placeholder targets needs a Float32Array of 12 elements for shape \[4,3\]/);
      await expect(run).rejects.toThrow(message);
      expect(await session.read(names)).toEqual(weights);
      await session.run(training.graph, fetchLoss(true), feedsOf(1));
    });

    it("refuses to read a name that it does not know and to write a wrong length", async () => {
      await expect(session.read(["conv9.weight"])).rejects.toThrow("conv9.weight");
      await expect(session.write(new Map([["fc.bias", new Float32Array(4)]]))).rejects.toThrow("fc.bias");
    });

    it("shows a non-finite gradient norm when an image holds a NaN", async () => {
      const feeds = feedsOf(1);
      feeds.get("images")![100] = NaN;
      const [norm] = await session.run(training.graph, { values: [training.gradientNorm], applyUpdates: false }, feeds);
      expect(norm![0]).toBeNaN();
    });

    it("counts its memory", async () => {
      await session.run(training.graph, fetchLoss(true), feedsOf(1));
      const { current, peak } = session.memory();
      const variableBytes = [...weights.values()].reduce((sum, data) => sum + data.byteLength, 0);
      expect(current).toBeGreaterThanOrEqual(variableBytes);
      expect(peak).toBeGreaterThanOrEqual(current);
    });
  });
}
