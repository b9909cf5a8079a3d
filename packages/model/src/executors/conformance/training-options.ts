import { describe, expect, it } from "vitest";
import { tinyResNet, tinyVisionTransformer } from "../../architectures/tiny.js";
import { buildEvaluationGraph } from "../../graph/evaluation-graph.js";
import { trainedAt } from "../../graph/freeze.js";
import type { Graph } from "../../graph/graph.js";
import { buildTrainingGraph, type TrainingGraph, type TrainingGraphOptions } from "../../graph/training-graph.js";
import { initializeVariables } from "../../weights/initialize.js";
import type { Executor, Session } from "../executor.js";
import { referenceExecutor } from "../reference/reference-executor.js";
import { expectClose } from "./operations.js";
import { randomData } from "./random-data.js";

const imageSize = 32;
const classes = 3;
const sgd = { kind: "sgd", momentum: 0.9, weightDecay: 0.01, decayOnMatricesOnly: true } as const;

type Variation = Partial<TrainingGraphOptions> & Pick<TrainingGraphOptions, "architecture">;

function build(variation: Variation): TrainingGraph {
  return buildTrainingGraph({ imageSize, classes, batchSize: 4, optimizer: sgd, ...variation });
}

/** Examples `from` up to `to` of an endless set, with the scalars of a step. */
function feedsOf(from: number, to: number, step = 1): Map<string, Float32Array> {
  const pixels = imageSize * imageSize * 3;
  const images = Float32Array.from(randomData(to * pixels, 7)).subarray(from * pixels);
  const targets = new Float32Array((to - from) * classes);
  for (let row = 0; row < to - from; row++) targets[row * classes + ((from + row) % classes)] = 1;
  return new Map([
    ["images", images.slice()],
    ["targets", targets],
    ["learningRate", Float32Array.of(0.05)],
    ["step", Float32Array.of(step)],
  ]);
}

/** A session over the graphs with seeded weights; a zero gamma would hide every error of its residual branch. */
async function openWith(executor: Executor, family: "resnet" | "vit", graphs: readonly Graph[]): Promise<Session> {
  const session = await executor.openSession(graphs);
  for (const graph of graphs) {
    const weights = initializeVariables(graph, family, 3);
    for (const { name, kind } of graph.variables) if (kind === "residualGamma") weights.get(name)!.fill(0.5);
    await session.write(weights);
  }
  return session;
}

async function step(session: Session, training: TrainingGraph, feeds: Map<string, Float32Array>) {
  const names = [...training.gradients.keys()];
  const values = [training.loss, training.gradientNorm, ...names.map((name) => training.gradients.get(name)!)];
  const results = await session.run(training.graph, { values, applyUpdates: true }, feeds);
  return new Map(["loss", "joint norm", ...names].map((name, index) => [name, results[index]!]));
}

/** What training can be asked for beside the plain step changes what it should and nothing else. */
export function describeTrainingOptions(open: () => Promise<Executor>): void {
  describe.each([tinyResNet, tinyVisionTransformer])("$id", (architecture) => {
    const { family } = architecture;

    it("has the same loss, gradients, weights and running statistics with recomputed blocks", async () => {
      const outcomes = [];
      for (const recomputeBlocks of [false, true]) {
        const training = build({ architecture, recomputeBlocks });
        const session = await openWith(await open(), family, [training.graph]);
        const results = await step(session, training, feedsOf(0, 4));
        outcomes.push([...results, ...(await session.read(training.graph.variables.map(({ name }) => name)))]);
        session.dispose();
      }
      const [kept, recomputed] = outcomes.map((entries) => new Map(entries));
      for (const [name, values] of kept!) expectClose(recomputed!.get(name)!, values, 1e-6, name);
    });

    it("takes the step of one large batch from accumulated micro-batches, and twice in a row", async () => {
      const large = build({ architecture, freezeBatchNorm: true, batchSize: 6, clipNorm: 0.5 });
      const small = build({ architecture, freezeBatchNorm: true, batchSize: 2, clipNorm: 0.5, accumulation: 3 });
      const accumulate = small.accumulate!;
      const one = await openWith(await open(), family, [large.graph]);
      const many = await openWith(await open(), family, [small.graph, accumulate]);
      for (const first of [0, 6]) {
        const expected = await step(one, large, feedsOf(first, first + 6));
        for (const from of [first, first + 2]) {
          const fetch = { values: [accumulate.logits], applyUpdates: true };
          await many.run(accumulate, fetch, feedsOf(from, from + 2));
        }
        const actual = await step(many, small, feedsOf(first + 4, first + 6));
        for (const [name, values] of expected) {
          // The loss is that of the last micro-batch alone.
          if (name !== "loss") expectClose(actual.get(name)!, values, 1e-5, name);
        }
      }
      const names = large.graph.variables.map(({ name }) => name);
      const expected = await one.read(names);
      for (const [name, values] of await many.read(names)) expectClose(values, expected.get(name)!, 1e-5, name);
      one.dispose();
      many.dispose();
    });

    it("evaluates the average of the weights: after the first step the weights, later what the reference gives", async () => {
      const training = build({ architecture, emaDecay: 0.7 });
      const evaluation = buildEvaluationGraph({ architecture, imageSize, classes, batchSize: 4 });
      const averaged = buildEvaluationGraph({ architecture, imageSize, classes, batchSize: 4, weights: "ema" });
      const outcomes: Float32Array[][] = [];
      for (const executor of [await open(), referenceExecutor]) {
        const session = await openWith(executor, family, [training.graph, evaluation.graph, averaged.graph]);
        const logits: Float32Array[] = [];
        for (const number of [1, 2, 3]) {
          await session.run(training.graph, { values: [], applyUpdates: true }, feedsOf(0, 4, number));
          for (const graph of [averaged, evaluation]) {
            logits.push(
              ...(await session.run(graph.graph, { values: [graph.logits], applyUpdates: false }, feedsOf(4, 8))),
            );
          }
        }
        outcomes.push(logits);
        session.dispose();
      }
      const [actual, expected] = outcomes as [Float32Array[], Float32Array[]];
      expectClose(actual[0]!, actual[1]!, 1e-6, "average after the first step");
      expect(actual[4]).not.toEqual(actual[5]);
      expected.forEach((logits, index) => {
        expectClose(actual[index]!, logits, 1e-4, `logits ${index}`);
      });
    });

    it("leaves frozen weights and their running statistics as they are, bit for bit", async () => {
      const isTrained = trainedAt(architecture, "LAST_STAGE");
      const training = build({ architecture, isTrained });
      const session = await openWith(await open(), family, [training.graph]);
      const names = training.graph.variables.filter(({ kind }) => kind !== "slot").map(({ name }) => name);
      const before = await session.read(names);
      await step(session, training, feedsOf(0, 4));
      const after = await session.read(names);
      session.dispose();
      for (const { name, kind, trainable } of training.graph.variables.filter((one) => one.kind !== "slot")) {
        const isMoved = isTrained({ name, kind, trainable, shape: [] });
        if (isMoved) expect(after.get(name), name).not.toEqual(before.get(name));
        else expect(after.get(name), name).toEqual(before.get(name));
      }
    });
  });
}
