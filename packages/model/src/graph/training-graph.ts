import type { ArchitectureSpec } from "../architectures/registry.js";
import { appendAccumulation, takeAccumulated } from "./accumulation.js";
import { differentiate } from "./differentiate.js";
import type { Graph, Value, VariableSpec } from "./graph.js";
import { GraphBuilder } from "./graph-builder.js";
import { appendUpdates, type OptimizerConfig } from "./optimizer.js";
import { appendAverages } from "./weight-average.js";

export interface TrainingGraphOptions {
  readonly architecture: ArchitectureSpec;
  /** Side of the square images in pixels. */
  readonly imageSize: number;
  readonly classes: number;
  /** Images of one run: of a micro-batch, where gradients are accumulated. */
  readonly batchSize: number;
  readonly optimizer: OptimizerConfig;
  /** BatchNorm uses and keeps its running statistics; gamma and beta are still trained. */
  readonly freezeBatchNorm?: boolean;
  /** Largest joint l2 norm of the gradients; above it all are scaled down. */
  readonly clipNorm?: number;
  /** Factor of each weight's learning rate; see `learningRateScales`. One unless said. */
  readonly learningRateScale?: (variable: VariableSpec) => number;
  /** Which of the trainable variables are trained, see `trainedAt`; all unless said. The BatchNorm of a frozen gamma is frozen too. */
  readonly isTrained?: (variable: VariableSpec) => boolean;
  /** Keep only what goes from block to block and compute the rest again in the backward pass: the same gradients in less memory. */
  readonly recomputeBlocks?: boolean;
  /** Micro-batches of a step; 1 unless said. The step takes the mean of their gradients. */
  readonly accumulation?: number;
  /** Also keep an exponential moving average of the weights with this decay, see `appendAverages`. */
  readonly emaDecay?: number;
}

/** What the forward pass over one batch gives. */
interface ForwardValues {
  /** Mean of `losses`. */
  readonly loss: Value;
  /** Cross-entropy of each example, [B]. */
  readonly losses: Value;
  /** [B,C] */
  readonly logits: Value;
}

/** A micro-batch that is not the last one of its step: its updates add its gradients to slots. Feeds: `images` and `targets`. */
interface AccumulationGraph extends Graph, ForwardValues {}

/**
 * One training step. Feeds: `images` [B,S,S,3] (normalised), `targets` [B,C] (rows are class weights), `learningRate` [] and, for
 * AdamW and for a moving average, `step` [] (1 at the first update). With `accumulation` k, run `accumulate` k − 1 times before
 * `graph`, each with a micro-batch of its own.
 */
export interface TrainingGraph extends ForwardValues {
  readonly graph: Graph;
  readonly accumulate: AccumulationGraph | undefined;
  readonly feeds: readonly ("images" | "targets" | "learningRate" | "step")[];
  /** Joint l2 norm before clipping; not finite as soon as one gradient is not. */
  readonly gradientNorm: Value;
  /** By variable name; of all micro-batches of the step. */
  readonly gradients: ReadonlyMap<string, Value>;
}

/** Builds forward pass, loss, gradients and updates of one optimizer step as a static graph. */
export function buildTrainingGraph(options: TrainingGraphOptions): TrainingGraph {
  const { optimizer, accumulation = 1, emaDecay, clipNorm, learningRateScale } = options;
  const graph = new GraphBuilder();
  const { forward, network, gradients: own } = traceGradients(graph, options);
  const learningRate = graph.placeholder("learningRate", []);
  const needsStep = optimizer.kind === "adamw" || emaDecay !== undefined;
  const step = needsStep ? graph.placeholder("step", []) : undefined;

  const gradients = accumulation > 1 ? takeAccumulated(graph, own, accumulation) : own;
  const gradientNorm = graph.append(
    "globalNorm",
    {},
    gradients.map(([, gradient]) => gradient),
  )[0]!;
  const gradientScale = clipNorm
    ? graph.append("clipFactor", { maximum: clipNorm }, [gradientNorm])[0]!
    : graph.scalar(1);
  appendUpdates(graph, optimizer, gradients, { learningRate, gradientScale, step, learningRateScale });
  if (emaDecay !== undefined) appendAverages(graph, network, { decay: emaDecay, step: step! });

  return {
    ...forward,
    graph: graph.build(),
    accumulate: accumulation > 1 ? buildAccumulationGraph(options) : undefined,
    feeds: needsStep ? ["images", "targets", "learningRate", "step"] : ["images", "targets", "learningRate"],
    gradientNorm,
    gradients: new Map(gradients.map(([variable, gradient]) => [variable.name, gradient])),
  };
}

function buildAccumulationGraph(options: TrainingGraphOptions): AccumulationGraph {
  const graph = new GraphBuilder();
  const { forward, gradients } = traceGradients(graph, options);
  appendAccumulation(graph, gradients);
  return { ...graph.build(), ...forward };
}

interface TracedGradients {
  readonly forward: ForwardValues;
  /** Variables of the network, running statistics included. */
  readonly network: readonly VariableSpec[];
  /** Of the trained variables, for this batch. */
  readonly gradients: readonly (readonly [VariableSpec, Value])[];
}

/** Appends forward pass, loss and gradients. */
function traceGradients(graph: GraphBuilder, options: TrainingGraphOptions): TracedGradients {
  const { architecture, imageSize, classes, batchSize, freezeBatchNorm, isTrained = () => true } = options;
  const images = graph.placeholder("images", [batchSize, imageSize, imageSize, 3]);
  const targets = graph.placeholder("targets", [batchSize, classes]);
  const statistics = (gamma: VariableSpec) => (freezeBatchNorm || !isTrained(gamma) ? "running" : "batch");
  const { logits } = architecture.network({ graph, statistics }, images, classes);
  const losses = graph.softmaxCrossEntropy(logits, targets);
  const loss = graph.mean(losses);

  const network = graph.build().variables;
  const trained = network.filter((variable) => variable.trainable && isTrained(variable));
  if (trained.length === 0)
    throw new TypeError(`nothing of ${architecture.id} is trained: isTrained refuses every weight`);
  const values = trained.map((variable) => graph.variable(variable));
  const found = differentiate(graph, loss, values, { recomputeBlocks: options.recomputeBlocks });
  const gradients = trained.map((variable, index) => {
    const gradient = found.get(values[index]!);
    if (gradient === undefined) throw new TypeError(`the loss does not depend on ${variable.name}`);
    return [variable, gradient] as const;
  });
  return { forward: { loss, losses, logits }, network, gradients };
}
