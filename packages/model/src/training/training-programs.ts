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
  /** Of all graphs, each once, slots included. */
  readonly variables: readonly VariableSpec[];
  readonly microBatches: number;
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
  const batchSize = Math.min(config.batchSize, trainExamples);
  const parts = partsOf(batchSize, microBatches);
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
  const variables = variablesOf(evaluation, phases);
  return {
    phases,
    evaluation,
    variables,
    microBatches: parts,
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

/** The smallest number of equal parts that is not below the wanted one. */
function partsOf(batchSize: number, wanted: number): number {
  let parts = Math.min(wanted, batchSize);
  while (batchSize % parts !== 0) parts++;
  return parts;
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
