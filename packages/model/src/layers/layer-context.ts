import type { Value, VariableSpec } from "../graph/graph.js";
import type { GraphBuilder } from "../graph/graph-builder.js";

/** What every layer needs: the graph it appends to, and which statistics BatchNorm uses. */
export interface LayerContext {
  readonly graph: GraphBuilder;
  /** Of the BatchNorm that has this gamma. */
  readonly statistics: (gamma: VariableSpec) => "batch" | "running";
}

/** images[B,S,S,3] -> logits[B,classes] and what each stage gives, by the name of its module. */
export type Network = (
  context: LayerContext,
  images: Value,
  classes: number,
) => { readonly logits: Value; readonly stages: ReadonlyMap<string, Value> };
