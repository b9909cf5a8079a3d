import { elementCount } from "../../../graph/shape.js";
import { kernel, type LoweringRule } from "./lowering.js";
import { elementUnits } from "./units.js";

export const applyMomentum: LoweringRule<"applyMomentum"> = ({ inputs: [gradient], attributes }) => {
  const { name, momentum, nesterov, weightDecay, learningRateScale } = attributes;
  return kernel("applyMomentum", elementUnits(gradient!, 3), ({ inputs, variable }) => [
    variable(name),
    variable(`momentum/${name}`),
    ...inputs,
    Number(nesterov),
    momentum,
    weightDecay,
    learningRateScale,
  ]);
};

export const applyAdamW: LoweringRule<"applyAdamW"> = ({ inputs: [gradient], attributes }) => {
  const { name, beta1, beta2, epsilon, weightDecay, learningRateScale } = attributes;
  return {
    temporaryBytes: 8,
    bind: ({ inputs, variable, temporary }, { heap }) => {
      const [g, learningRate, gradientScale, step] = inputs as [number, number, number, number];
      const state = [variable(name), variable(`adam_m/${name}`), variable(`adam_v/${name}`)];
      const correct = () => {
        const { floats } = heap;
        const count = floats[step / 4]!;
        floats[temporary / 4] = (learningRateScale * floats[learningRate / 4]!) / (1 - beta1 ** count);
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
        weightDecay * learningRateScale,
      ];
      return [correct, { kernel: "applyAdamW", parameters: [...state, g, ...scalars], ...elementUnits(gradient!, 4) }];
    },
  };
};

export const moveAverage: LoweringRule<"moveAverage"> = ({ inputs: [value], attributes: { name, momentum } }) =>
  kernel("moveAverage", elementUnits(value!), ({ inputs, variable }) => [variable(name), inputs[0]!, momentum]);

export const accumulate: LoweringRule<"accumulate"> = ({ inputs: [gradient], attributes: { name } }) =>
  kernel("add", elementUnits(gradient!), ({ inputs, variable }) => {
    const slot = variable(`accumulated/${name}`);
    return [inputs[0]!, slot, slot];
  });

export const clearAccumulated: LoweringRule<"clearAccumulated"> = ({ inputs: [slot], attributes: { name } }) => ({
  bind: ({ variable }, { heap }) => {
    const address = variable(`accumulated/${name}`);
    return [() => heap.zero(address, elementCount(slot!.shape))];
  },
});

export const averageWeights: LoweringRule<"averageWeights"> = ({ attributes: { name, decay, shape } }) => ({
  temporaryBytes: 4,
  bind: ({ inputs: [step], variable, temporary }, { heap }) => {
    const decide = () => {
      heap.floats[temporary / 4] = Math.max(1 - decay, 9 / (heap.floats[step! / 4]! + 8));
    };
    const parameters = [variable(`ema/${name}`), variable(name), temporary];
    return [decide, { kernel: "averageWeights", parameters, ...elementUnits({ shape }, 2) }];
  },
});
