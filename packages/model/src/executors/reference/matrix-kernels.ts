import { elementCount } from "../../graph/shape.js";
import type { Kernel, Tensor } from "./tensor.js";

/** Products of the trailing matrices; equal leading axes. */
export const batchMatMul: Kernel<"batchMatMul"> = ({ transposeA, transposeB }, [a, b], [shape]) => {
  const [rows, columns] = shape!.slice(-2) as [number, number];
  const inner = a!.shape.at(transposeA ? -2 : -1)!;
  const [aRow, aInner] = transposeA ? [1, rows] : [inner, 1];
  const [bInner, bColumn] = transposeB ? [1, inner] : [columns, 1];
  const y = new Float64Array(elementCount(shape!));
  for (let matrix = 0; matrix < y.length / (rows * columns); matrix++) {
    for (let m = 0; m < rows; m++) {
      for (let n = 0; n < columns; n++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          const left = a!.data[matrix * rows * inner + m * aRow + k * aInner]!;
          sum += left * b!.data[matrix * inner * columns + k * bInner + n * bColumn]!;
        }
        y[(matrix * rows + m) * columns + n] = sum;
      }
    }
  }
  return [y];
};

export const matMul: Kernel<"matMul"> = (flags, factors, shapes) => batchMatMul(flags, factors, shapes);

export const add: Kernel<"add"> = (_, [a, b]) => [a!.data.map((value, i) => value + b!.data[i]!)];

export const addN: Kernel<"addN"> = (_, terms) => [
  terms[0]!.data.map((_value, i) => terms.reduce((sum, term) => sum + term.data[i]!, 0)),
];

export const biasAdd: Kernel<"biasAdd"> = (_, [x, bias]) => [
  x!.data.map((value, i) => value + bias!.data[i % bias!.data.length]!),
];

export const addToBatch: Kernel<"addToBatch"> = (_, [x, p]) => [
  x!.data.map((value, i) => value + p!.data[i % p!.data.length]!),
];

export const biasAddGrad: Kernel<"biasAddGrad"> = (_, [dy]) => [sumRepeats(dy!, dy!.shape.at(-1)!)];

export const sumBatch: Kernel<"sumBatch"> = (_, [x]) => [sumRepeats(x!, x!.data.length / x!.shape[0]!)];

export const tileBatch: Kernel<"tileBatch"> = ({ batch }, [x]) => [
  new Float64Array(batch * x!.data.length).map((_value, i) => x!.data[i % x!.data.length]!),
];

export const scale: Kernel<"scale"> = ({ factor }, [x]) => [x!.data.map((value) => value * factor)];

export const mean: Kernel<"mean"> = (_, [x]) => [
  Float64Array.of(x!.data.reduce((sum, value) => sum + value, 0) / x!.data.length),
];

export const meanGrad: Kernel<"meanGrad"> = ({ size }, [dy]) => [new Float64Array(size).fill(dy!.data[0]! / size)];

export const globalNorm: Kernel<"globalNorm"> = (_, gradients) => [
  Float64Array.of(
    Math.sqrt(gradients.reduce((sum, { data }) => sum + data.reduce((s, value) => s + value ** 2, 0), 0)),
  ),
];

export const clipFactor: Kernel<"clipFactor"> = ({ maximum }, [norm]) => [
  Float64Array.of(Math.min(1, maximum / norm!.data[0]!)),
];

function sumRepeats({ data }: Tensor, period: number): Float64Array {
  const sums = new Float64Array(period);
  data.forEach((value, i) => {
    sums[i % period]! += value;
  });
  return sums;
}
