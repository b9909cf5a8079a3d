import { describe, expect, it } from "vitest";
import { type ArchitectureSpec, architecture, visionTransformerSpec } from "../../architectures/registry.js";
import type { VariableSpec } from "../../graph/graph.js";
import type { OptimizerConfig } from "../../graph/optimizer.js";
import { buildTrainingGraph, type TrainingGraph } from "../../graph/training-graph.js";
import { toTorchLayout } from "../../weights/layout.js";
import type { Executor, Session } from "../executor.js";
import { l2Of, readFixture } from "./evaluation-fixtures.js";
import { referenceImages, referenceTargets, referenceWeight } from "./reference-stream.js";

interface TensorSummary {
  /** First elements in PyTorch's layout. */
  readonly first: number[];
  readonly l2: number;
  /** How far PyTorch's float32 was from its float64 in `first`. */
  readonly firstMaxErrorFp32?: number;
}

interface OptimizerResult {
  readonly afterStep1: Record<string, TensorSummary>;
  readonly afterStep1DecayOnMatricesOnly: Record<string, TensorSummary>;
  readonly lossOfSteps1to3?: number[];
  readonly lossErrorFp32?: number[];
  readonly afterStep3?: Record<string, TensorSummary>;
}

interface TrainingFixture {
  readonly config?: { patchSize: number; width: number; depth: number; heads: number; mlpRatio: number };
  readonly weightSeed: string;
  readonly inputSeed: string;
  readonly imageSize: number;
  readonly batch: number;
  readonly classes: number;
  readonly modes: Record<
    string,
    {
      readonly loss: number;
      readonly logitsOfFirstImage: number[];
      readonly globalGradientL2: number;
      readonly gradients: Record<string, TensorSummary>;
      readonly runningStatisticsAfterOneStep?: Record<
        string,
        { readonly mean: TensorSummary; readonly var: TensorSummary }
      >;
      readonly optimizers: Record<"sgd" | "adamw", OptimizerResult>;
    }
  >;
}

const learningRates = { sgd: 0.01, adamw: 1e-3 };
const optimizers: Record<"sgd" | "adamw", OptimizerConfig> = {
  sgd: { kind: "sgd", momentum: 0.9, weightDecay: 1e-4, decayOnMatricesOnly: false },
  adamw: { kind: "adamw", weightDecay: 0.05, decayOnMatricesOnly: false },
};

/** Loss, gradients, running statistics and updated weights of a training step are those that PyTorch computes in float64. */
export function describeTraining(open: () => Promise<Executor>): void {
  describe.each(["resnet18-64-train", "vit-small-64-train"])("%s", (name) => {
    const fixture = readFixture<TrainingFixture>(name);
    const { config, weightSeed, inputSeed, imageSize, batch, classes } = fixture;
    const spec: ArchitectureSpec = config
      ? visionTransformerSpec("vit_small", "reduced ViT", config)
      : architecture("resnet18");
    const images = referenceImages(inputSeed, batch, imageSize);
    const targets = referenceTargets(inputSeed, batch, classes);

    const build = (mode: string, optimizer: OptimizerConfig) => {
      const freezeBatchNorm = mode === "frozenStatistics";
      return buildTrainingGraph({
        architecture: spec,
        imageSize,
        classes,
        batchSize: batch,
        optimizer,
        freezeBatchNorm,
      });
    };
    const openWith = async ({ graph }: TrainingGraph): Promise<Session> => {
      const session = await (await open()).openSession([graph]);
      const weights = graph.variables.filter(({ kind }) => kind !== "slot");
      await session.write(new Map(weights.map((variable) => [variable.name, referenceWeight(weightSeed, variable)])));
      return session;
    };
    const step = (
      session: Session,
      training: TrainingGraph,
      number: number,
      kind: "sgd" | "adamw",
      names: string[] = [],
    ) => {
      const values = [
        training.loss,
        training.logits,
        training.gradientNorm,
        ...names.map((n) => training.gradients.get(n)!),
      ];
      const feeds = new Map([
        ["images", images],
        ["targets", targets],
        ["learningRate", Float32Array.of(learningRates[kind])],
        ["step", Float32Array.of(number)],
      ]);
      return session.run(training.graph, { values, applyUpdates: true }, feeds);
    };

    describe.each(Object.entries(fixture.modes))("%s", (mode, expected) => {
      it("loss, logits, gradients and running statistics", async () => {
        const training = build(mode, optimizers.sgd);
        const session = await openWith(training);
        const names = Object.keys(expected.gradients);
        const [loss, logits, norm, ...gradients] = await step(session, training, 1, "sgd", names);
        expect(Math.abs(loss![0]! - expected.loss)).toBeLessThan(1e-5);
        expect(relative(norm![0]!, expected.globalGradientL2)).toBeLessThan(1e-4);
        for (const [i, logit] of expected.logitsOfFirstImage.entries()) {
          expect(Math.abs(logits![i]! - logit)).toBeLessThan(1e-4);
        }
        names.forEach((gradient, i) => {
          expectGradient(variableOf(training, gradient), gradients[i]!, expected.gradients[gradient]!);
        });
        for (const [norm, { mean, var: variance }] of Object.entries(expected.runningStatisticsAfterOneStep ?? {})) {
          await expectWeights(
            session,
            training,
            { [`${norm}.running_mean`]: mean, [`${norm}.running_var`]: variance },
            1e-5,
          );
        }
        session.dispose();
      });

      it.each(["sgd", "adamw"] as const)(
        "weights after a step of %s, with decay on all and on matrices only",
        async (kind) => {
          const { afterStep1, afterStep1DecayOnMatricesOnly } = expected.optimizers[kind];
          for (const [decayOnMatricesOnly, weights] of [
            [false, afterStep1],
            [true, afterStep1DecayOnMatricesOnly],
          ] as const) {
            const training = build(mode, { ...optimizers[kind], decayOnMatricesOnly });
            const session = await openWith(training);
            await step(session, training, 1, kind);
            await expectWeights(session, training, weights, kind === "sgd" ? 1e-5 : 2e-5);
            session.dispose();
          }
        },
      );

      const followed = (["sgd", "adamw"] as const).filter((kind) => expected.optimizers[kind].lossOfSteps1to3);
      if (followed.length > 0) {
        it.each(followed)("losses of three steps of %s, and the weights after them", async (kind) => {
          const { lossOfSteps1to3, lossErrorFp32, afterStep3 } = expected.optimizers[kind];
          const training = build(mode, optimizers[kind]);
          const session = await openWith(training);
          for (let number = 1; number <= 3; number++) {
            const [loss] = await step(session, training, number, kind);
            const allowed = Math.max(1e-4, 10 * lossErrorFp32![number - 1]!);
            expect(Math.abs(loss![0]! - lossOfSteps1to3![number - 1]!), `step ${number}`).toBeLessThan(allowed);
          }
          await expectWeights(session, training, afterStep3!, kind === "sgd" ? 1e-5 : 2e-5);
          session.dispose();
        });
      }
    });
  });
}

function variableOf({ graph }: TrainingGraph, name: string): VariableSpec {
  return graph.variables.find((variable) => variable.name === name)!;
}

function relative(actual: number, expected: number): number {
  return Math.abs(actual - expected) / expected;
}

/** The fixtures hold the norm and the first elements: 1e-4 of the norm, and of the typical element. */
function expectGradient(variable: VariableSpec, gradient: Float32Array, expected: TensorSummary): void {
  expect(relative(l2Of(gradient), expected.l2), `l2 of ${variable.name}`).toBeLessThan(1e-4);
  const typical = expected.l2 / Math.sqrt(gradient.length);
  const torch = toTorchLayout(variable, gradient);
  expected.first.forEach((value, i) => {
    const allowed = 2e-4 * Math.max(typical, Math.abs(value));
    expect(Math.abs(torch[i]! - value), `${variable.name}[${i}]: ${torch[i]} for ${value}`).toBeLessThan(allowed);
  });
}

async function expectWeights(
  session: Session,
  training: TrainingGraph,
  expected: Record<string, TensorSummary>,
  tolerance: number,
): Promise<void> {
  const weights = await session.read(Object.keys(expected));
  for (const [name, { first, firstMaxErrorFp32 = 0 }] of Object.entries(expected)) {
    const allowed = Math.max(tolerance, 10 * firstMaxErrorFp32);
    const torch = toTorchLayout(variableOf(training, name), weights.get(name)!);
    first.forEach((value, i) => {
      expect(Math.abs(torch[i]! - value), `${name}[${i}]: ${torch[i]} for ${value}`).toBeLessThan(allowed);
    });
  }
}
