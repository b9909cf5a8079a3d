import type { UpdateNode } from "../../graph/graph.js";
import type { Tensor } from "./tensor.js";

/** The session's variables by name. */
export type Variables = ReadonlyMap<string, Float32Array>;

/** Applies an update node to the variables, in place. */
export function applyUpdate(node: UpdateNode, inputs: readonly Tensor[], variables: Variables): void {
  const { name } = node.attributes;
  const [gradient, learningRate, gradientScale, step] = inputs.map(({ data }) => data);
  switch (node.op) {
    case "moveAverage": {
      const { momentum } = node.attributes;
      const average = variables.get(name)!;
      for (let i = 0; i < average.length; i++) average[i]! -= momentum * (average[i]! - gradient![i]!);
      break;
    }
    case "applyMomentum": {
      const { momentum, nesterov, weightDecay, learningRateScale } = node.attributes;
      const rate = learningRate![0]! * learningRateScale;
      const weight = variables.get(name)!;
      const velocity = variables.get(`momentum/${name}`)!;
      for (let i = 0; i < weight.length; i++) {
        const g = gradientScale![0]! * gradient![i]! + weightDecay * weight[i]!;
        const v = momentum * velocity[i]! + g;
        velocity[i] = v;
        weight[i]! -= rate * (nesterov ? g + momentum * v : v);
      }
      break;
    }
    case "applyAdamW": {
      const { beta1, beta2, epsilon, weightDecay, learningRateScale } = node.attributes;
      const rate = learningRate![0]! * learningRateScale;
      const weight = variables.get(name)!;
      const first = variables.get(`adam_m/${name}`)!;
      const second = variables.get(`adam_v/${name}`)!;
      const correction1 = 1 - beta1 ** step![0]!;
      const correction2 = 1 - beta2 ** step![0]!;
      for (let i = 0; i < weight.length; i++) {
        const g = gradientScale![0]! * gradient![i]!;
        const m = beta1 * first[i]! + (1 - beta1) * g;
        const v = beta2 * second[i]! + (1 - beta2) * g * g;
        first[i] = m;
        second[i] = v;
        const decayed = weight[i]! * (1 - rate * weightDecay);
        weight[i] = decayed - (rate * m) / correction1 / (Math.sqrt(v / correction2) + epsilon);
      }
      break;
    }
    case "accumulate": {
      const sum = variables.get(`accumulated/${name}`)!;
      for (let i = 0; i < sum.length; i++) sum[i]! += gradient![i]!;
      break;
    }
    case "clearAccumulated":
      variables.get(`accumulated/${name}`)!.fill(0);
      break;
    case "averageWeights": {
      const share = Math.max(1 - node.attributes.decay, 9 / (inputs[0]!.data[0]! + 8));
      const weight = variables.get(name)!;
      const average = variables.get(`ema/${name}`)!;
      for (let i = 0; i < average.length; i++) average[i]! -= share * (average[i]! - weight[i]!);
      break;
    }
  }
}
