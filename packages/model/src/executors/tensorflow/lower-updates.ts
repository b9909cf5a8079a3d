import type { UpdateNode } from "../../graph/graph.js";
import type { GraphDefBuilder, Ref } from "./graph-def.js";
import { binary, float, type NodeOf, scaled, unary } from "./lowering.js";
import type { VariableNodes } from "./variable-nodes.js";

/** Turns an update node into the operation that has to run last of it. */
export function lowerUpdate(
  definition: GraphDefBuilder,
  node: UpdateNode,
  inputs: readonly Ref[],
  variables: VariableNodes,
): Ref {
  const { name } = node.attributes;
  switch (node.op) {
    case "applyMomentum":
      return variables.updatedBy(name, applyMomentum(definition, node, inputs, variables));
    case "applyAdamW":
      return variables.updatedBy(name, applyAdamW(definition, node, inputs, variables));
    case "moveAverage": {
      const share = definition.float(node.attributes.momentum);
      return variables.updatedBy(name, moveTo(definition, name, inputs[0]!, share, variables));
    }
    case "accumulate": {
      const slot = variables.handle(`accumulated/${name}`);
      return definition.add("AssignAddVariableOp", [slot, inputs[0]!], { dtype: { type: "float32" } });
    }
    case "clearAccumulated":
      return variables.clear(`accumulated/${name}`, inputs[0]!);
    case "averageWeights":
      return averageWeights(definition, node, inputs, variables);
  }
}

/** variable -= share · (variable − value) */
function moveTo(definition: GraphDefBuilder, name: string, value: Ref, share: Ref, variables: VariableNodes): Ref {
  const distance = binary(definition, "Sub", variables.read(name), value);
  return subtract(definition, variables.handle(name), binary(definition, "Mul", distance, share));
}

function averageWeights(
  definition: GraphDefBuilder,
  { attributes: { name, decay } }: NodeOf<"averageWeights">,
  [step]: readonly Ref[],
  variables: VariableNodes,
): Ref {
  const share = definition.sharedNode(`average share ${decay} ${step}`, () => {
    const later = binary(definition, "AddV2", step!, definition.float(8));
    const early = binary(definition, "RealDiv", definition.float(9), later);
    return binary(definition, "Maximum", definition.float(1 - decay), early);
  });
  return moveTo(definition, `ema/${name}`, variables.readUpdated(name), share, variables);
}

const updateAttributes = { ...float, use_locking: { bool: false } } as const;

function applyMomentum(
  definition: GraphDefBuilder,
  node: NodeOf<"applyMomentum">,
  [gradient, learningRate, gradientScale]: readonly Ref[],
  variables: VariableNodes,
): Ref {
  const { name, momentum, nesterov, weightDecay, learningRateScale } = node.attributes;
  const rate = scaledRate(definition, learningRate!, learningRateScale);
  const decay =
    weightDecay === 0 ? undefined : decayOf(definition, variables.read(name), definition.float(weightDecay), gradient!);
  const scaledGradient = scaledBy(definition, node, gradient!, gradientScale!);
  const total = decay === undefined ? scaledGradient : binary(definition, "AddV2", scaledGradient, decay);
  const slots = [variables.handle(name), variables.handle(`momentum/${name}`)];
  return definition.add("ResourceApplyMomentum", [...slots, rate, total, definition.float(momentum)], {
    ...updateAttributes,
    use_nesterov: { bool: nesterov },
  });
}

/**
 * Decoupled decay first, then Adam. TensorFlow adds epsilon before the bias correction and PyTorch after it: with ε·√(1−β₂ᵗ) both
 * compute the same.
 */
function applyAdamW(
  definition: GraphDefBuilder,
  node: NodeOf<"applyAdamW">,
  [gradient, learningRate, gradientScale, step]: readonly Ref[],
  variables: VariableNodes,
): Ref {
  const { name, beta1, beta2, epsilon, weightDecay, learningRateScale } = node.attributes;
  const rate = scaledRate(definition, learningRate!, learningRateScale);
  const power = (beta: number) =>
    definition.sharedNode(`power ${beta} ${step}`, () => binary(definition, "Pow", definition.float(beta), step!));
  const corrected = definition.sharedNode(`epsilon ${epsilon} ${beta2} ${step}`, () => {
    const remaining = binary(definition, "Sub", definition.float(1), power(beta2));
    return scaled(definition, unary(definition, "Sqrt", remaining), epsilon);
  });
  const after: Ref[] = [];
  if (weightDecay !== 0) {
    const factor = definition.sharedNode(`decay ${weightDecay} ${rate}`, () => scaled(definition, rate, weightDecay));
    const decay = decayOf(definition, variables.read(name), factor, gradient!);
    after.push(subtract(definition, variables.handle(name), decay));
  }
  return definition.add(
    "ResourceApplyAdam",
    [
      ...[name, `adam_m/${name}`, `adam_v/${name}`].map((variable) => variables.handle(variable)),
      power(beta1),
      power(beta2),
      rate,
      definition.float(beta1),
      definition.float(beta2),
      corrected,
      scaledBy(definition, node, gradient!, gradientScale!),
    ],
    { ...updateAttributes, use_nesterov: { bool: false } },
    { after },
  );
}

/**
 * Weight times factor, but only once the gradient is there. It could be computed at the start of the step: then all decays would
 * be held until the end, and weights changed while the step still needs the old ones, of which TensorFlow makes a copy.
 */
function decayOf(definition: GraphDefBuilder, weight: Ref, factor: Ref, gradient: Ref): Ref {
  return definition.add("Mul", [weight, factor], float, { after: [gradient.replace(/:\d+$/, "")] });
}

function scaledRate(definition: GraphDefBuilder, learningRate: Ref, factor: number): Ref {
  if (factor === 1) return learningRate;
  return definition.sharedNode(`rate ${factor} ${learningRate}`, () => scaled(definition, learningRate, factor));
}

/** The gradient times the clip factor; a constant one costs nothing. */
function scaledBy(
  definition: GraphDefBuilder,
  node: NodeOf<"applyMomentum" | "applyAdamW">,
  gradient: Ref,
  factor: Ref,
): Ref {
  const source = node.inputs[2]!.node;
  if (source.op === "constant" && source.attributes.data[0] === 1) return gradient;
  return binary(definition, "Mul", gradient, factor);
}

function subtract(definition: GraphDefBuilder, handle: Ref, amount: Ref): Ref {
  return definition.add("AssignSubVariableOp", [handle, amount], { dtype: { type: "float32" } });
}
