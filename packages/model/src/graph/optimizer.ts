import type { Value, VariableSpec } from "./graph.js";
import type { GraphBuilder } from "./graph-builder.js";

/** How weights are updated. Weight decay adds to the gradient in SGD and is decoupled in AdamW. */
export type OptimizerConfig = {
  readonly weightDecay: number;
  /** Decay only convolution filters and linear weights: no biases, norms, class token or position embedding. */
  readonly decayOnMatricesOnly: boolean;
} & (
  | { readonly kind: "sgd"; readonly momentum: number; readonly nesterov?: boolean }
  | { readonly kind: "adamw"; readonly beta1?: number; readonly beta2?: number; readonly epsilon?: number }
);

export interface UpdateOptions {
  readonly learningRate: Value;
  /** Factor on every gradient: the clip factor, or one. */
  readonly gradientScale: Value;
  /** Number of this update, from 1; AdamW's bias correction needs it. */
  readonly step: Value | undefined;
  /** Factor of each weight's learning rate; one unless said. */
  readonly learningRateScale?: (variable: VariableSpec) => number;
}

/** Appends one update for each variable and declares its slots. */
export function appendUpdates(
  graph: GraphBuilder,
  config: OptimizerConfig,
  gradients: readonly (readonly [VariableSpec, Value])[],
  { learningRate, gradientScale, step, learningRateScale: scaleOf = () => 1 }: UpdateOptions,
): void {
  for (const [variable, gradient] of gradients) {
    const { name, shape } = variable;
    const learningRateScale = scaleOf(variable);
    const weightDecay = isDecayed(variable, config) ? config.weightDecay : 0;
    for (const slot of slotNames(config.kind, name)) {
      graph.declare({ name: slot, shape, kind: "slot", trainable: false });
    }
    if (config.kind === "sgd") {
      const { momentum, nesterov = false } = config;
      const attributes = { name, momentum, nesterov, weightDecay, learningRateScale };
      graph.append("applyMomentum", attributes, [gradient, learningRate, gradientScale]);
    } else {
      const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = config;
      const attributes = { name, beta1, beta2, epsilon, weightDecay, learningRateScale };
      graph.append("applyAdamW", attributes, [gradient, learningRate, gradientScale, step!]);
    }
  }
}

/** Names of the variables that an optimizer keeps beside a weight. */
function slotNames(kind: OptimizerConfig["kind"], name: string): string[] {
  return kind === "sgd" ? [`momentum/${name}`] : [`adam_m/${name}`, `adam_v/${name}`];
}

function isDecayed(variable: VariableSpec, { decayOnMatricesOnly }: OptimizerConfig): boolean {
  return !decayOnMatricesOnly || variable.kind === "conv" || variable.kind === "linear";
}
