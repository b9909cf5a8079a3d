import { architecture, buildTrainingGraph, type Executor, initializeVariables } from "@residual/model";
import type { DoctorStep } from "@residual/shared";

const networks = ["resnet18", "vit_tiny_patch16_224"] as const;
const imageSize = 64;
const batchSize = 16;
const classes = 10;
/** After one that also compiles and allocates. */
const steps = 3;

/** Real training steps of one network. */
export interface MeasuredSteps extends DoctorStep {
  /** Of the first step: the same on every executor that computes right. */
  readonly firstLoss: number | null;
}

/** Trains a ResNet-18 and a ViT-Tiny at 64 px for a few steps each: forward, backward and update, as a run does. Never throws. */
export async function measureSteps(executor: Executor): Promise<MeasuredSteps[]> {
  const measured: MeasuredSteps[] = [];
  for (const id of networks) {
    const what = { architecture: id, imageSize, batchSize };
    try {
      measured.push({ ...what, ...(await train(executor, id)) });
    } catch (error) {
      measured.push({ ...what, imagesPerSecond: null, firstLoss: null, problem: (error as Error).message });
    }
  }
  return measured;
}

async function train(executor: Executor, id: (typeof networks)[number]) {
  const spec = architecture(id);
  const decay = { decayOnMatricesOnly: true };
  const training = buildTrainingGraph({
    architecture: spec,
    imageSize,
    classes,
    batchSize,
    optimizer:
      spec.family === "vit"
        ? { kind: "adamw", weightDecay: 0.05, ...decay }
        : { kind: "sgd", momentum: 0.9, weightDecay: 1e-4, ...decay },
    clipNorm: 1,
  });
  const images = Float32Array.from({ length: batchSize * imageSize ** 2 * 3 }, (_, i) => Math.sin(i * 12.9898));
  const targets = new Float32Array(batchSize * classes);
  for (let row = 0; row < batchSize; row++) targets[row * classes + (row % classes)] = 1;
  const session = await executor.openSession([training.graph]);
  try {
    await session.write(initializeVariables(training.graph, spec.family, 1));
    const losses: number[] = [];
    const seconds: number[] = [];
    for (let step = 1; step <= steps + 1; step++) {
      const feeds = new Map([
        ["images", images],
        ["targets", targets],
        ["learningRate", Float32Array.of(1e-3)],
        ["step", Float32Array.of(step)],
      ]);
      const begun = performance.now();
      const fetch = { values: [training.loss, training.gradientNorm], applyUpdates: true };
      const [loss, norm] = await session.run(training.graph, fetch, feeds);
      seconds.push((performance.now() - begun) / 1000);
      losses.push(loss![0]!);
      if (!Number.isFinite(loss![0]!) || !(norm![0]! > 0)) {
        throw new Error(`step ${step} gave the loss ${loss![0]} and the gradient norm ${norm![0]}`);
      }
    }
    const [, ...measured] = seconds;
    const median = measured.sort((a, b) => a - b)[Math.floor(steps / 2)]!;
    return { imagesPerSecond: Math.round((10 * batchSize) / median) / 10, firstLoss: losses[0]! };
  } finally {
    session.dispose();
  }
}
