import { elementCount } from "../../../graph/shape.js";
import { floatsPerSquareSum } from "../kernels/elementwise.js";
import type { LoweringRule, Step } from "./lowering.js";

/** Small enough for JavaScript, in float64: log-sum-exp around the maximum of each row. */
export const softmaxCrossEntropy: LoweringRule<"softmaxCrossEntropy"> = ({ inputs: [logits] }) => ({
  bind: ({ inputs, outputs }, { heap }) => {
    const [batch, classes] = logits!.shape as [number, number];
    return [
      () => {
        const { floats } = heap;
        const [x, t] = inputs.map((address) => address / 4) as [number, number];
        const [loss, gradient] = outputs.map((address) => address / 4) as [number, number];
        for (let row = 0; row < batch; row++) {
          const first = row * classes;
          let maximum = Number.NEGATIVE_INFINITY;
          for (let c = first; c < first + classes; c++) maximum = Math.max(maximum, floats[x + c]!);
          let sum = 0;
          let weight = 0;
          for (let c = first; c < first + classes; c++) {
            sum += Math.exp(floats[x + c]! - maximum);
            weight += floats[t + c]!;
          }
          const logSum = maximum + Math.log(sum);
          let total = 0;
          for (let c = first; c < first + classes; c++) {
            const logProbability = floats[x + c]! - logSum;
            const target = floats[t + c]!;
            if (target !== 0) total -= target * logProbability;
            floats[gradient + c] = weight * Math.exp(logProbability) - target;
          }
          floats[loss + row] = total;
        }
      },
    ];
  },
});

export const softmaxCrossEntropyGrad: LoweringRule<"softmaxCrossEntropyGrad"> = ({ outputs: [dlogits] }) => ({
  inPlace: [0],
  bind: ({ inputs, outputs }, { heap }) => {
    const [batch, classes] = dlogits!.shape as [number, number];
    return [
      () => {
        const { floats } = heap;
        const [gradient, dloss] = inputs.map((address) => address / 4) as [number, number];
        const target = outputs[0]! / 4;
        for (let i = 0; i < batch * classes; i++) {
          floats[target + i] = floats[gradient + i]! * floats[dloss + Math.floor(i / classes)]!;
        }
      },
    ];
  },
});

export const mean: LoweringRule<"mean"> = ({ inputs: [x] }) => ({
  bind: ({ inputs, outputs }, { heap }) => {
    const count = elementCount(x!.shape);
    return [
      () => {
        const values = heap.floats.subarray(inputs[0]! / 4, inputs[0]! / 4 + count);
        heap.floats[outputs[0]! / 4] = values.reduce((sum, value) => sum + value, 0) / count;
      },
    ];
  },
});

export const meanGrad: LoweringRule<"meanGrad"> = ({ attributes: { size } }) => ({
  bind: ({ inputs, outputs }, { heap }) => [
    () => {
      const first = outputs[0]! / 4;
      heap.floats.fill(heap.floats[inputs[0]! / 4]! / size, first, first + size);
    },
  ],
});

/** Squares are summed in blocks of 4,096 by the kernel, the blocks in float64. */
export const globalNorm: LoweringRule<"globalNorm"> = ({ inputs: values }) => {
  const counts = values.map(({ shape }) => elementCount(shape));
  const units = counts.map((count) => Math.ceil(count / floatsPerSquareSum));
  const total = units.reduce((sum, blocks) => sum + blocks, 0);
  return {
    temporaryBytes: 4 * total,
    bind: ({ inputs, outputs, temporary }, { heap }) => {
      let sums = temporary;
      const calls = inputs.map<Step>((address, index) => {
        const range = { units: units[index]!, work: counts[index]! };
        const call = { kernel: "sumOfSquares", parameters: [address, counts[index]!, sums], ...range };
        sums += 4 * units[index]!;
        return call;
      });
      const finish = () => {
        const blocks = heap.floats.subarray(temporary / 4, temporary / 4 + total);
        heap.floats[outputs[0]! / 4] = Math.sqrt(blocks.reduce((sum, block) => sum + block, 0));
      };
      return [...calls, finish];
    },
  };
};

export const clipFactor: LoweringRule<"clipFactor"> = ({ attributes: { maximum } }) => ({
  bind: ({ inputs, outputs }, { heap }) => [
    () => {
      heap.floats[outputs[0]! / 4] = Math.min(1, maximum / heap.floats[inputs[0]! / 4]!);
    },
  ],
});
