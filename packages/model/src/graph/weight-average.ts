import type { Value, VariableSpec } from "./graph.js";
import type { GraphBuilder } from "./graph-builder.js";

/** Name of the variable that holds the moving average of another one. */
export function averageSlot(name: string): string {
  return `ema/${name}`;
}

/**
 * Appends the exponential moving average of every variable of the network, to be taken after its update. Frozen weights take part (they
 * are their own average, and may be trained in a later phase of the run), and so do running statistics, which belong to the averaged
 * weights as the current ones to the current weights.
 *
 * At step t (from 1) the average moves by max(1 − decay, 9 / (t + 8)) of the way: the first step copies the variable, so that no start
 * value weighs on the average, and early steps forget fast. It is TensorFlow's warm-up, decay (1 + n) / (10 + n), with n = t − 2.
 */
export function appendAverages(
  graph: GraphBuilder,
  variables: readonly VariableSpec[],
  { decay, step }: { readonly decay: number; readonly step: Value },
): void {
  for (const { name, shape } of variables) {
    graph.declare({ name: averageSlot(name), shape, kind: "slot", trainable: false });
    graph.append("averageWeights", { name, decay, shape }, [step]);
  }
}
