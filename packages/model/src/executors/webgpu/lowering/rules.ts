import type { GraphNode } from "../../../graph/graph.js";
import type { OperationName } from "../../../graph/operation.js";
import * as batchNorm from "./batch-norm.js";
import { conv2d, conv2dGradFilter, conv2dGradInput } from "./convolution.js";
import * as elementwise from "./elementwise.js";
import { layerNorm, layerNormGrad } from "./layer-norm.js";
import { concat, pad, slice, transpose } from "./layout.js";
import type { Lowering, LoweringRule } from "./lowering.js";
import { batchMatMul, matMul } from "./matrix.js";
import { maxPool, maxPoolGrad } from "./pooling.js";
import { softmax, softmaxCrossEntropy, softmaxGrad } from "./rows.js";
import * as sums from "./sums.js";
import * as updates from "./updates.js";

/** Values that are memory from the start, or another view of it. */
type PlacedOperation = "placeholder" | "variable" | "constant" | "reshape" | "barrier";

type ComputedOperation = Exclude<OperationName, PlacedOperation>;

const rules: { readonly [Name in ComputedOperation]: LoweringRule<Name> } = {
  ...batchNorm,
  ...elementwise,
  ...sums,
  ...updates,
  concat,
  conv2d,
  conv2dGradFilter,
  conv2dGradInput,
  matMul,
  batchMatMul,
  layerNorm,
  layerNormGrad,
  maxPool,
  maxPoolGrad,
  pad,
  slice,
  softmax,
  softmaxCrossEntropy,
  softmaxGrad,
  transpose,
};

/** How a node is computed; nothing where its value is memory already. */
export function lower(node: GraphNode): Lowering | undefined {
  if (!(node.op in rules)) return undefined;
  const rule = rules[node.op as ComputedOperation] as unknown as (node: GraphNode) => Lowering;
  return rule(node);
}
