import type { Value } from "../graph/graph.js";
import type { LayerContext } from "./layer-context.js";

/** x[M,I] · `<name>.weight`[I,features] + `<name>.bias` -> [M,features] */
export function linear({ graph }: LayerContext, x: Value, name: string, features: number): Value {
  const weight = graph.variable({
    name: `${name}.weight`,
    shape: [x.shape[1]!, features],
    kind: "linear",
    trainable: true,
  });
  const bias = graph.variable({ name: `${name}.bias`, shape: [features], kind: "bias", trainable: true });
  return graph.biasAdd(graph.matMul(x, weight), bias);
}
