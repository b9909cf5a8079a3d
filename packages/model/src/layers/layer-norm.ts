import type { Value } from "../graph/graph.js";
import type { LayerContext } from "./layer-context.js";

/** x[M,D], each row normalised. */
export function layerNorm({ graph }: LayerContext, x: Value, name: string, epsilon: number): Value {
  const shape = [x.shape[1]!];
  const gamma = graph.variable({ name: `${name}.weight`, shape, kind: "gamma", trainable: true });
  const beta = graph.variable({ name: `${name}.bias`, shape, kind: "beta", trainable: true });
  return graph.layerNorm(x, gamma, beta, epsilon);
}
