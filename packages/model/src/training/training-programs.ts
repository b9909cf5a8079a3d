import type { TrainingConfig } from "@residual/shared";
import type { ArchitectureSpec } from "../architectures/registry.js";
import { buildEvaluationGraph, type EvaluationGraph } from "../graph/evaluation-graph.js";
import { trainedAt } from "../graph/freeze.js";
import type { VariableSpec } from "../graph/graph.js";
import { learningRateScales } from "../graph/learning-rate-scale.js";
import { countMacs, countParameters } from "../graph/measure.js";
import type { OptimizerConfig } from "../graph/optimizer.js";
import { elementCount } from "../graph/shape.js";
import { buildTrainingGraph, type TrainingGraph } from "../graph/training-graph.js";
import { type FreezePhase, freezePhases } from "./freeze-phases.js";
import type { StartedEvent } from "./training-event.js";

/** What the graphs of a run depend on beside its config. */
export interface ProgramOptions {
  readonly architecture: ArchitectureSpec;
  readonly config: TrainingConfig;
  readonly classes: number;
  readonly trainExamples: number;
  /** At least so many parts of a batch. */
  readonly microBatches: number;
}

export interface PhaseProgram extends FreezePhase {
  readonly training: TrainingGraph;
}

/** The graphs of a run over one set of variables, and what is known of it before the first step. */
export interface Programs {
  readonly phases: readonly PhaseProgram[];
  readonly evaluation: EvaluationGraph;
  /** What a checkpoint holds: the variables of all graphs, each once, slots included. */
  readonly variables: readonly VariableSpec[];
  /** Gradients of the parts of an unfinished step: zero between steps, when checkpoints are written. */
  readonly accumulators: readonly VariableSpec[];
  readonly microBatches: number;
  readonly freezeBatchNorm: boolean;
  readonly facts: Pick<
    StartedEvent,
    | "parameters"
    | "macs"
    | "imageSize"
    | "classes"
    | "checkpointBytes"
    | "trainExamples"
    | "batchSize"
    | "stepsPerEpoch"
    | "totalSteps"
  >;
}

export function buildPrograms({
  architecture,
  config,
  classes,
  trainExamples,
  microBatches,
}: ProgramOptions): Programs {
  const { imageSize } = config;
  const { batchSize, parts } = cutBatch(Math.min(config.batchSize, trainExamples), microBatches);
  const stepsPerEpoch = Math.floor(trainExamples / batchSize);
  const totalSteps = stepsPerEpoch * config.epochs;
  const trace = (trained: FreezePhase["part"]) =>
    buildTrainingGraph({
      architecture,
      imageSize,
      classes,
      batchSize: batchSize / parts,
      accumulation: parts,
      optimizer: optimizerOf(config),
      freezeBatchNorm: config.freezeBatchNorm,
      recomputeBlocks: config.gradientCheckpointing,
      isTrained: trainedAt(architecture, trained),
      learningRateScale: learningRateScales(architecture, {
        layerDecay: config.layerDecay,
        headMultiplier: config.headLearningRateFactor,
      }),
      ...(config.clipNorm > 0 ? { clipNorm: config.clipNorm } : {}),
      ...(config.emaDecay > 0 ? { emaDecay: config.emaDecay } : {}),
    });
  const phases = freezePhases(config.freeze, totalSteps).map((phase) => ({ ...phase, training: trace(phase.part) }));
  const weights = config.emaDecay > 0 ? "ema" : "current";
  const evaluation = buildEvaluationGraph({ architecture, imageSize, classes, batchSize: batchSize / parts, weights });
  const one = buildEvaluationGraph({ architecture, imageSize, classes, batchSize: 1 });
  const all = variablesOf(evaluation, phases);
  const isAccumulator = ({ name }: VariableSpec) => name.startsWith("accumulated/");
  const variables = all.filter((variable) => !isAccumulator(variable));
  return {
    phases,
    evaluation,
    variables,
    accumulators: all.filter(isAccumulator),
    microBatches: parts,
    freezeBatchNorm: config.freezeBatchNorm,
    facts: {
      parameters: countParameters(one.graph),
      macs: countMacs(one.graph),
      imageSize,
      classes,
      checkpointBytes: variables.reduce((sum, { shape }) => sum + elementCount(shape) * 4, 0),
      trainExamples,
      batchSize,
      stepsPerEpoch,
      totalSteps,
    },
  };
}

/** The phase that the next update belongs to. */
export function phaseAt({ phases }: Programs, step: number): PhaseProgram {
  return phases.findLast(({ firstStep }) => firstStep <= step)!;
}

/**
 * Cuts a batch into equal parts, at least as many as wanted. A batch that has no such divisor near, such as a small dataset of 97 images,
 * is made a little smaller instead: parts of a single image would be slow, and batch statistics of them nonsense.
 */
export function cutBatch(images: number, wanted: number): { readonly batchSize: number; readonly parts: number } {
  const least = Math.min(wanted, images);
  for (let parts = least; parts < 2 * least; parts++) if (images % parts === 0) return { batchSize: images, parts };
  return { batchSize: images - (images % least), parts: least };
}

/** Training graphs last: they know an average as the slot that it is, where evaluation takes it for the weight. */
function variablesOf(evaluation: EvaluationGraph, phases: readonly PhaseProgram[]): VariableSpec[] {
  const all = [
    evaluation.graph,
    ...phases.flatMap(({ training }) => [training.graph, training.accumulate ?? []].flat()),
  ];
  return [
    ...new Map(
      all.flatMap(({ variables }) => variables.map((variable) => [variable.name, variable] as const)),
    ).values(),
  ];
}

function optimizerOf({ optimizer, weightDecay }: TrainingConfig): OptimizerConfig {
  const decay = { weightDecay, decayOnMatricesOnly: true };
  return optimizer === "SGD" ? { ...decay, kind: "sgd", momentum: 0.9 } : { ...decay, kind: "adamw" };
}
