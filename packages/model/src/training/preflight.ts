import type { TrainingConfig } from "@residual/shared";
import type { ArchitectureSpec } from "../architectures/registry.js";
import type { Executor, Session } from "../executors/executor.js";
import { OutOfMemoryError } from "../executors/out-of-memory-error.js";
import type { Graph } from "../graph/graph.js";
import { precisionOf } from "./train.js";
import { buildPrograms, type Programs } from "./training-programs.js";
import { writeInitialValues } from "./write-initial-values.js";

/** What is measured: a network, its config and the number of classes, on an executor. */
export interface PreflightSubject {
  readonly executor: Executor;
  readonly architecture: ArchitectureSpec;
  readonly config: TrainingConfig;
  readonly classes: number;
}

/** What training costs on an executor: straight lines over the images that are computed at a time. */
export interface StepCost {
  /** Weights, slots, gradients and what the executor takes beside them. */
  readonly fixedBytes: number;
  readonly bytesPerImage: number;
  /** Of a run of the graph, however few images it has. */
  readonly fixedSeconds: number;
  readonly secondsPerImage: number;
}

/** What one size of a run of the graph took. */
export interface ProbedStep {
  readonly images: number;
  readonly peakBytes: number;
  readonly seconds: number;
}

/** Steps that are timed after one that allocates and compiles; the fastest counts, as other load on the machine only slows. */
const TIMED_STEPS = 2;

/**
 * Trains a few steps at a quarter and at half of the images that the config computes at a time, and draws lines through both. Memory is
 * what the executor says of it. Sizes that do not fit are halved; throws an OutOfMemoryError where not even two images do.
 */
export async function measureSteps(subject: PreflightSubject): Promise<StepCost> {
  const { batchSize, microBatches } = subject.config;
  let large = Math.max(2, Math.floor(batchSize / microBatches / 2));
  for (;;) {
    try {
      const small = Math.floor(large / 2);
      const [few, many] = (await probeSteps(subject, [small, large])) as [ProbedStep, ProbedStep];
      // What planned its memory ahead holds that of the larger size from the start: the smaller one then needs a session of its own.
      return costOf(few.peakBytes < many.peakBytes ? few : await probeStep(subject, small), many);
    } catch (error) {
      if (!(error instanceof OutOfMemoryError) || large === 2) throw error;
      large = Math.max(2, Math.floor(large / 2));
    }
  }
}

/** Trains a few steps with so many images at a time; one alone tells the memory, but no time. Throws an OutOfMemoryError. */
export async function probeStep(
  subject: PreflightSubject,
  images: number,
  timedSteps: number = TIMED_STEPS,
): Promise<ProbedStep> {
  return (await probeSteps(subject, [images], timedSteps))[0]!;
}

/**
 * The same with several sizes, in this order and in one session: an executor that counts the memory of its process would not count again
 * what the session before has left. It trains on noise: neither time nor memory depends on what is seen.
 */
async function probeSteps(
  subject: PreflightSubject,
  sizes: readonly number[],
  timedSteps: number = TIMED_STEPS,
): Promise<ProbedStep[]> {
  const { executor, architecture, config } = subject;
  const probes = sizes.map((images) => probeOf(subject, images));
  const session = await executor.openSession(
    probes.flatMap(({ graphs }) => graphs),
    { precision: precisionOf(config) },
  );
  try {
    await writeInitialValues(session, probes[0]!.programs.variables, architecture.family, config.seed);
    const steps: ProbedStep[] = [];
    for (const probe of probes) steps.push(await timeSteps(session, probe, timedSteps));
    return steps;
  } finally {
    session.dispose();
  }
}

interface Probe {
  readonly images: number;
  readonly programs: Programs;
  readonly graphs: readonly Graph[];
  readonly feeds: ReadonlyMap<string, Float32Array>;
}

function probeOf({ architecture, config, classes }: PreflightSubject, images: number): Probe {
  // Two parts stand for any number of them: each is a run of its own, and all share the slots.
  const parts = config.microBatches > 1 ? 2 : 1;
  const freeze = config.freeze === "GRADUAL" ? "NONE" : config.freeze;
  const batchSize = images * parts;
  const programs = buildPrograms({
    architecture,
    config: { ...config, batchSize, freeze },
    classes,
    trainExamples: batchSize,
    microBatches: parts,
  });
  const { training } = programs.phases[0]!;
  const { imageSize } = config;
  return {
    images,
    programs,
    graphs: [training.graph, ...(training.accumulate ? [training.accumulate] : []), programs.evaluation.graph],
    feeds: new Map([
      ["images", noise(images * imageSize * imageSize * 3)],
      ["targets", new Float32Array(images * classes).fill(1 / classes)],
      ["learningRate", Float32Array.of(0)],
      ["step", Float32Array.of(1)],
    ]),
  };
}

async function timeSteps(
  session: Session,
  { images, programs, feeds }: Probe,
  timedSteps: number,
): Promise<ProbedStep> {
  const { microBatches } = programs;
  const { training } = programs.phases[0]!;
  let seconds = Number.POSITIVE_INFINITY;
  for (let step = 0; step <= timedSteps; step++) {
    const begin = performance.now();
    for (let part = 1; part < microBatches; part++) {
      await session.run(training.accumulate!, { values: [training.accumulate!.loss], applyUpdates: true }, feeds);
    }
    await session.run(training.graph, { values: [training.gradientNorm], applyUpdates: true }, feeds);
    if (step > 0) seconds = Math.min(seconds, (performance.now() - begin) / 1000 / microBatches);
  }
  return { images, peakBytes: session.memory().peak, seconds };
}

/** The lines through two measurements; never falling, as noise would have it. */
function costOf(few: ProbedStep, many: ProbedStep): StepCost {
  const slope = (a: number, b: number) => Math.max(0, (b - a) / (many.images - few.images));
  const bytesPerImage = slope(few.peakBytes, many.peakBytes);
  const secondsPerImage = slope(few.seconds, many.seconds) || many.seconds / many.images;
  return {
    bytesPerImage,
    fixedBytes: Math.max(0, many.peakBytes - many.images * bytesPerImage),
    secondsPerImage,
    fixedSeconds: Math.max(0, many.seconds - many.images * secondsPerImage),
  };
}

/** What a run takes by its costs. */
export interface RunEstimate {
  readonly peakBytes: number;
  readonly secondsPerStep: number;
  /** Of all epochs with their evaluations; without the loading of images, saving and the test split. */
  readonly seconds: number;
}

/**
 * The forward pass is about a third of a training step: the backward pass computes two products for each of its own. Where blocks are
 * computed again for it, the forward pass is one of four equal parts.
 */
function forwardShare({ gradientCheckpointing }: TrainingConfig): number {
  return gradientCheckpointing ? 1 / 4 : 1 / 3;
}

/** @param evaluatedImages of one evaluation: the train probe and val together */
export function estimateRun(
  cost: StepCost,
  config: TrainingConfig,
  { trainImages, evaluatedImages }: { readonly trainImages: number; readonly evaluatedImages: number },
): RunEstimate {
  const { microBatches, epochs, evalEvery, evalUnit } = config;
  const batchSize = Math.min(config.batchSize, trainImages);
  const peakBytes = cost.fixedBytes + (cost.bytesPerImage * batchSize) / microBatches;
  const secondsPerStep = microBatches * cost.fixedSeconds + batchSize * cost.secondsPerImage;
  const steps = epochs * Math.floor(trainImages / batchSize);
  const evaluations = Math.ceil((evalUnit === "STEP" ? steps : epochs) / evalEvery);
  const secondsPerEvaluation = evaluatedImages * cost.secondsPerImage * forwardShare(config);
  return { peakBytes, secondsPerStep, seconds: steps * secondsPerStep + evaluations * secondsPerEvaluation };
}

/** Of any values that are not all alike. */
function noise(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((Math.imul(i, 2654435761) >>> 8) & 0xffff) / 32768 - 1);
}
