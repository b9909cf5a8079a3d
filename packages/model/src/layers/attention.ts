import type { Value } from "../graph/graph.js";
import type { LayerContext } from "./layer-context.js";
import { linear } from "./linear.js";

/** Multi-head self-attention among the T tokens of each image: x[B·T,D] -> [B·T,D]. */
export function attention(context: LayerContext, x: Value, name: string, { batch, heads }: AttentionOptions): Value {
  const { graph } = context;
  const [rows, width] = x.shape as [number, number];
  const tokens = rows / batch;
  const headWidth = width / heads;

  const qkv = graph.reshape(linear(context, x, `${name}.qkv`, 3 * width), [batch, tokens, 3, heads, headWidth]);
  const byRole = graph.transpose(qkv, [2, 0, 3, 1, 4]); // [3,B,heads,T,headWidth]
  const role = (index: number) =>
    graph.reshape(graph.slice(byRole, [index, 0, 0, 0, 0], [1, batch, heads, tokens, headWidth]), [
      batch,
      heads,
      tokens,
      headWidth,
    ]);
  const [q, k, v] = [graph.scale(role(0), headWidth ** -0.5), role(1), role(2)];

  const weights = graph.softmax(graph.batchMatMul(q, k, { transposeB: true })); // [B,heads,T,T]
  const mixed = graph.transpose(graph.batchMatMul(weights, v), [0, 2, 1, 3]); // [B,T,heads,headWidth]
  return linear(context, graph.reshape(mixed, [rows, width]), `${name}.proj`, width);
}

interface AttentionOptions {
  readonly batch: number;
  readonly heads: number;
}
