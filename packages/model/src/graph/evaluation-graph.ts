import type { ArchitectureSpec } from "../architectures/registry.js";
import type { Graph, Value } from "./graph.js";
import { GraphBuilder } from "./graph-builder.js";
import { averageSlot } from "./weight-average.js";

export interface EvaluationGraphOptions {
  readonly architecture: ArchitectureSpec;
  readonly imageSize: number;
  readonly classes: number;
  readonly batchSize: number;
  /** `ema` reads the moving averages that training with `emaDecay` keeps, from its first step on; `current` unless said. */
  readonly weights?: "current" | "ema";
}

/** The network in evaluation mode over the same variables as its training graph. `targets` has to be fed only if `losses` is fetched. */
export interface EvaluationGraph {
  readonly graph: Graph;
  /** [B,C] */
  readonly logits: Value;
  /** Plain cross-entropy of each example, [B]. */
  readonly losses: Value;
  /** What each stage of the network gives, by the name of its module. */
  readonly stages: ReadonlyMap<string, Value>;
}

/** Builds the forward pass with BatchNorm's running statistics. Feeds: `images` [B,S,S,3] (normalised), `targets` [B,C]. */
export function buildEvaluationGraph(options: EvaluationGraphOptions): EvaluationGraph {
  const { architecture, imageSize, classes, batchSize, weights } = options;
  const graph = new GraphBuilder(weights === "ema" ? averageSlot : undefined);
  const images = graph.placeholder("images", [batchSize, imageSize, imageSize, 3]);
  const targets = graph.placeholder("targets", [batchSize, classes]);
  const { logits, stages } = architecture.network({ graph, statistics: () => "running" }, images, classes);
  const losses = graph.softmaxCrossEntropy(logits, targets);
  return { graph: graph.build(), logits, losses, stages };
}
