import type { DType, OperationAttributes, OperationName, Shape, UpdateOperation } from "./operation.js";

/** One result of a node. Its shape is static: the batch size is part of the graph. */
export interface Value {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly node: GraphNode;
  /** Which of the node's outputs this is. */
  readonly output: number;
}

export type GraphNode = {
  [Name in OperationName]: {
    readonly id: number;
    readonly op: Name;
    readonly attributes: OperationAttributes[Name];
    readonly inputs: readonly Value[];
    readonly outputs: readonly Value[];
  };
}[OperationName];

export type UpdateNode = Extract<GraphNode, { readonly op: UpdateOperation }>;

/** What a variable is for decides how it starts, whether it is trained, decayed and saved. */
export interface VariableSpec {
  /** timm's state-dict key, such as `layer1.0.conv1.weight`; slots as `adam_m/<key>`. */
  readonly name: string;
  readonly shape: Shape;
  /** `residualGamma`: gamma of the last norm of a residual branch; starting it at zero makes the block the identity. */
  readonly kind:
    | "conv"
    | "linear"
    | "bias"
    | "gamma"
    | "residualGamma"
    | "beta"
    | "runningMean"
    | "runningVariance"
    | "embedding"
    | "slot";
  readonly trainable: boolean;
}

/**
 * A static program: nodes in an order in which every input precedes its use. Update nodes have no outputs; a run that applies
 * updates executes them last, each once.
 */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly variables: readonly VariableSpec[];
}
