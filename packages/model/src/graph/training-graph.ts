import type { ArchitectureSpec } from "../architectures/registry.js";
import { differentiate } from "./differentiate.js";
import type { Graph, Value, VariableSpec } from "./graph.js";
import { GraphBuilder } from "./graph-builder.js";
import { appendUpdates, type OptimizerConfig } from "./optimizer.js";

export interface TrainingGraphOptions {
  readonly architecture: ArchitectureSpec;
  /** Side of the square images in pixels. */
  readonly imageSize: number;
  readonly classes: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerConfig;
  /** BatchNorm uses and keeps its running statistics; gamma and beta are still trained. */
  readonly freezeBatchNorm?: boolean;
  /** Largest joint l2 norm of the gradients; above it all are scaled down. */
  readonly clipNorm?: number;
}

/**
 * One training step. Feeds: `images` [B,S,S,3] (normalised), `targets` [B,C] (rows are class weights), `learningRate` [] and, for
 * AdamW, `step` [] (1 at the first update).
 */
export interface TrainingGraph {
  readonly graph: Graph;
  readonly feeds: readonly ("images" | "targets" | "learningRate" | "step")[];
  /** Mean of `losses`. */
  readonly loss: Value;
  /** Cross-entropy of each example, [B]. */
  readonly losses: Value;
  /** [B,C] */
  readonly logits: Value;
  /** Joint l2 norm before clipping; not finite as soon as one gradient is not. */
  readonly gradientNorm: Value;
  /** By variable name. */
  readonly gradients: ReadonlyMap<string, Value>;
}

/** Builds forward pass, loss, gradients and updates of one optimizer step as a static graph. */
export function buildTrainingGraph(options: TrainingGraphOptions): TrainingGraph {
  const { architecture, imageSize, classes, batchSize, optimizer } = options;
  const graph = new GraphBuilder();
  const images = graph.placeholder("images", [batchSize, imageSize, imageSize, 3]);
  const targets = graph.placeholder("targets", [batchSize, classes]);
  const learningRate = graph.placeholder("learningRate", []);
  const step = optimizer.kind === "adamw" ? graph.placeholder("step", []) : undefined;

  const batchNorm = options.freezeBatchNorm ? "running" : "batch";
  const { logits } = architecture.network({ graph, batchNorm }, images, classes);
  const losses = graph.softmaxCrossEntropy(logits, targets);
  const loss = graph.mean(losses);

  const trained = graph.build().variables.filter((variable) => variable.trainable);
  const gradients = gradientsOf(graph, loss, trained);
  const gradientNorm = graph.append(
    "globalNorm",
    {},
    gradients.map(([, gradient]) => gradient),
  )[0]!;
  const gradientScale = options.clipNorm
    ? graph.append("clipFactor", { maximum: options.clipNorm }, [gradientNorm])[0]!
    : graph.scalar(1);
  appendUpdates(graph, optimizer, gradients, { learningRate, gradientScale, step });

  return {
    graph: graph.build(),
    feeds: step === undefined ? ["images", "targets", "learningRate"] : ["images", "targets", "learningRate", "step"],
    loss,
    losses,
    logits,
    gradientNorm,
    gradients: new Map(gradients.map(([variable, gradient]) => [variable.name, gradient])),
  };
}

function gradientsOf(graph: GraphBuilder, loss: Value, trained: readonly VariableSpec[]): [VariableSpec, Value][] {
  const values = trained.map((variable) => graph.variable(variable));
  const gradients = differentiate(graph, loss, values);
  return trained.map((variable, index) => {
    const gradient = gradients.get(values[index]!);
    if (gradient === undefined) throw new TypeError(`the loss does not depend on ${variable.name}`);
    return [variable, gradient];
  });
}
