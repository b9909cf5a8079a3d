import type { GraphNode } from "../../../graph/graph.js";
import type { OperationName } from "../../../graph/operation.js";
import { conv2d, conv2dGradFilter } from "./convolution.js";
import { conv2dGradInput } from "./convolution-grad-input.js";
import * as elementwise from "./elementwise.js";
import * as layout from "./layout.js";
import * as loss from "./loss.js";
import type { Lowering, LoweringRule, Target } from "./lowering.js";
import { batchMatMul, matMul } from "./matrix.js";
import * as normalization from "./normalization.js";
import { maxPool, maxPoolGrad, softmax, softmaxGrad } from "./pooling.js";
import * as updates from "./updates.js";

/** Values that are memory from the start, or another view of it. */
type PlacedOperation = "placeholder" | "variable" | "constant" | "reshape" | "barrier";

type ComputedOperation = Exclude<OperationName, PlacedOperation>;

const rules: { readonly [Name in ComputedOperation]: LoweringRule<Name> } = {
  ...elementwise,
  ...normalization,
  ...layout,
  ...loss,
  ...updates,
  conv2d,
  conv2dGradFilter,
  conv2dGradInput,
  matMul,
  batchMatMul,
  maxPool,
  maxPoolGrad,
  softmax,
  softmaxGrad,
};

/** How a node is computed; nothing where its value is memory already. */
export function lower(node: GraphNode, target: Target): Lowering | undefined {
  if (!(node.op in rules)) return undefined;
  const rule = rules[node.op as ComputedOperation] as unknown as (node: GraphNode, target: Target) => Lowering;
  return rule(node, target);
}
