import { kernel, type LoweringRule } from "./lowering.js";
import { elementUnits } from "./units.js";

export const applyMomentum: LoweringRule<"applyMomentum"> = ({ inputs: [gradient], attributes }) => {
  const { name, momentum, nesterov, weightDecay } = attributes;
  return kernel("applyMomentum", elementUnits(gradient!, 3), ({ inputs, variable }) => [
    variable(name),
    variable(`momentum/${name}`),
    ...inputs,
    Number(nesterov),
    momentum,
    weightDecay,
  ]);
};

export const applyAdamW: LoweringRule<"applyAdamW"> = ({ inputs: [gradient], attributes }) => {
  const { name, beta1, beta2, epsilon, weightDecay } = attributes;
  return {
    temporaryBytes: 8,
    bind: ({ inputs, variable, temporary }, { heap }) => {
      const [g, learningRate, gradientScale, step] = inputs as [number, number, number, number];
      const state = [variable(name), variable(`adam_m/${name}`), variable(`adam_v/${name}`)];
      const correct = () => {
        const { floats } = heap;
        const count = floats[step / 4]!;
        floats[temporary / 4] = floats[learningRate / 4]! / (1 - beta1 ** count);
        floats[temporary / 4 + 1] = 1 / Math.sqrt(1 - beta2 ** count);
      };
      const scalars = [
        learningRate,
        gradientScale,
        temporary,
        beta1,
        1 - beta1,
        beta2,
        1 - beta2,
        epsilon,
        weightDecay,
      ];
      return [correct, { kernel: "applyAdamW", parameters: [...state, g, ...scalars], ...elementUnits(gradient!, 4) }];
    },
  };
};

export const moveAverage: LoweringRule<"moveAverage"> = ({ inputs: [value], attributes: { name, momentum } }) =>
  kernel("moveAverage", elementUnits(value!), ({ inputs, variable }) => [variable(name), inputs[0]!, momentum]);
