import type { Shape } from "../../../graph/operation.js";
import { elementCount } from "../../../graph/shape.js";
import { type Binding, input, type Lowering, type LoweringRule, read, variable, write } from "./lowering.js";
import { mapElements } from "./map-elements.js";
import { float } from "./shader.js";

/** Changes variables of one shape, by fours. */
function update(
  shape: Shape,
  variables: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, Binding>>,
  body: string,
  declarations?: string,
): Lowering {
  const changed = Object.entries(variables).map(([name, key]) => [name, write(variable(key), "vec4f")] as const);
  const bindings = { ...Object.fromEntries(changed), ...inputs };
  return {
    kernels: [mapElements({ bindings, body, over: changed[0]![0], floats: elementCount(shape), declarations })],
  };
}

export const applyMomentum: LoweringRule<"applyMomentum"> = ({ inputs: [gradient], attributes }) => {
  const { name, momentum, nesterov, weightDecay, learningRateScale } = attributes;
  return update(
    gradient!.shape,
    { weight: name, velocity: `momentum/${name}` },
    { gradient: read(input(0), "vec4f"), learningRate: read(input(1)), gradientScale: read(input(2)) },
    `let rate = learningRate[0] * ${float(learningRateScale)};
  let g = gradientScale[0] * gradient[index] + ${float(weightDecay)} * weight[index];
  let v = ${float(momentum)} * velocity[index] + g;
  velocity[index] = v;
  weight[index] -= rate * (${nesterov ? `g + ${float(momentum)} * v` : "v"});`,
  );
};

/** 1 − eˣ for x <= 0. Near zero the difference would lose its digits; there the series of eˣ − 1 is summed. */
const oneMinusExponential = `
fn oneMinusExponential(x: f32) -> f32 {
  if (x < -0.5f) { return 1f - exp(x); }
  var series = 1f;
  for (var n = 9f; n > 1f; n -= 1f) { series = 1f + series * x / n; }
  return -x * series;
}`;

export const applyAdamW: LoweringRule<"applyAdamW"> = ({ inputs: [gradient], attributes }) => {
  const { name, beta1, beta2, epsilon, weightDecay, learningRateScale } = attributes;
  return update(
    gradient!.shape,
    { weight: name, first: `adam_m/${name}`, second: `adam_v/${name}` },
    {
      gradient: read(input(0), "vec4f"),
      learningRate: read(input(1)),
      gradientScale: read(input(2)),
      step: read(input(3)),
    },
    `let rate = learningRate[0] * ${float(learningRateScale)};
  let correction1 = oneMinusExponential(step[0] * ${float(Math.log(beta1))});
  let correction2 = oneMinusExponential(step[0] * ${float(Math.log(beta2))});
  let g = gradientScale[0] * gradient[index];
  let m = ${float(beta1)} * first[index] + ${float(1 - beta1)} * g;
  let v = ${float(beta2)} * second[index] + ${float(1 - beta2)} * g * g;
  first[index] = m;
  second[index] = v;
  let decayed = weight[index] * (1f - rate * ${float(weightDecay)});
  weight[index] = decayed - (rate / correction1) * m / (sqrt(v / correction2) + ${float(epsilon)});`,
    oneMinusExponential,
  );
};

export const moveAverage: LoweringRule<"moveAverage"> = ({ inputs: [value], attributes: { name, momentum } }) =>
  update(
    value!.shape,
    { average: name },
    { value: read(input(0), "vec4f") },
    `average[index] -= ${float(momentum)} * (average[index] - value[index]);`,
  );

export const accumulate: LoweringRule<"accumulate"> = ({ inputs: [gradient], attributes: { name } }) =>
  update(
    gradient!.shape,
    { sum: `accumulated/${name}` },
    { gradient: read(input(0), "vec4f") },
    "sum[index] += gradient[index];",
  );

export const clearAccumulated: LoweringRule<"clearAccumulated"> = ({ inputs: [slot], attributes: { name } }) =>
  update(slot!.shape, { sum: `accumulated/${name}` }, {}, "sum[index] = vec4f(0);");

export const averageWeights: LoweringRule<"averageWeights"> = ({ attributes: { name, decay, shape } }) =>
  update(
    shape,
    { average: `ema/${name}` },
    { weight: read(variable(name), "vec4f"), step: read(input(0)) },
    `let share = max(${float(1 - decay)}, 9f / (step[0] + 8f));
  average[index] -= share * (average[index] - weight[index]);`,
  );
