import type { TrainingConfig } from "@residual/shared";
import type { ArchitectureSpec } from "../architectures/registry.js";
import { buildEvaluationGraph, type EvaluationGraph } from "../graph/evaluation-graph.js";
import type { VariableSpec } from "../graph/graph.js";
import { countMacs, countParameters } from "../graph/measure.js";
import type { OptimizerConfig } from "../graph/optimizer.js";
import { elementCount } from "../graph/shape.js";
import { buildTrainingGraph, type TrainingGraph } from "../graph/training-graph.js";
import type { TrainingData } from "./training-data.js";
import type { StartedEvent } from "./training-event.js";

/** The graphs of a run over one set of variables, and what is known of it before the first step. */
export interface Programs {
  readonly training: TrainingGraph;
  readonly evaluation: EvaluationGraph;
  /** Of both graphs, each once, slots included. */
  readonly variables: readonly VariableSpec[];
  readonly facts: Omit<StartedEvent, "type" | "resumedFromStep">;
}

/** Joint gradient norms above this are scaled down to it. */
const CLIP_NORM = 1;

export function buildPrograms(architecture: ArchitectureSpec, config: TrainingConfig, data: TrainingData): Programs {
  const { imageSize } = config;
  const { classes } = data;
  const trainExamples = data.train.indices.length;
  const batchSize = Math.min(config.batchSize, trainExamples);
  const training = buildTrainingGraph({
    architecture,
    imageSize,
    classes,
    batchSize,
    optimizer: optimizerOf(config),
    freezeBatchNorm: config.freezeBatchNorm,
    clipNorm: CLIP_NORM,
  });
  const evaluation = buildEvaluationGraph({ architecture, imageSize, classes, batchSize });
  const one = buildEvaluationGraph({ architecture, imageSize, classes, batchSize: 1 });
  const byName = new Map(
    [...training.graph.variables, ...evaluation.graph.variables].map((variable) => [variable.name, variable]),
  );
  const variables = [...byName.values()];
  const stepsPerEpoch = Math.floor(trainExamples / batchSize);
  return {
    training,
    evaluation,
    variables,
    facts: {
      parameters: countParameters(training.graph),
      macs: countMacs(one.graph),
      imageSize,
      classes,
      checkpointBytes: variables.reduce((sum, { shape }) => sum + elementCount(shape) * 4, 0),
      trainExamples,
      probeExamples: data.probe.indices.length,
      valExamples: data.val.indices.length,
      batchSize,
      stepsPerEpoch,
      totalSteps: stepsPerEpoch * config.epochs,
    },
  };
}

function optimizerOf({ optimizer, weightDecay }: TrainingConfig): OptimizerConfig {
  const decay = { weightDecay, decayOnMatricesOnly: true };
  return optimizer === "SGD" ? { ...decay, kind: "sgd", momentum: 0.9 } : { ...decay, kind: "adamw" };
}
