import { gaussianCdf, gaussianPdf } from "./gaussian.js";
import type { Kernel } from "./tensor.js";

export const relu: Kernel<"relu"> = (_, [x]) => [
  x!.data.map((value) => (value > 0 || Number.isNaN(value) ? value : 0)),
];

export const reluGrad: Kernel<"reluGrad"> = (_, [dy, y]) => [dy!.data.map((value, i) => (y!.data[i]! > 0 ? value : 0))];

export const gelu: Kernel<"gelu"> = (_, [x]) => [x!.data.map((value) => value * gaussianCdf(value))];

export const geluGrad: Kernel<"geluGrad"> = (_, [dy, x]) => [
  dy!.data.map((value, i) => value * (gaussianCdf(x!.data[i]!) + x!.data[i]! * gaussianPdf(x!.data[i]!))),
];

export const softmax: Kernel<"softmax"> = (_, [x]) => {
  const width = x!.shape.at(-1)!;
  const y = new Float64Array(x!.data.length);
  for (let start = 0; start < y.length; start += width) {
    y.set(softmaxRow(x!.data.subarray(start, start + width)), start);
  }
  return [y];
};

/** dx = y·(dy − Σ dy·y) */
export const softmaxGrad: Kernel<"softmaxGrad"> = (_, [dy, y]) => {
  const width = y!.shape.at(-1)!;
  const dx = new Float64Array(y!.data.length);
  for (let start = 0; start < dx.length; start += width) {
    let inner = 0;
    for (let i = start; i < start + width; i++) inner += dy!.data[i]! * y!.data[i]!;
    for (let i = start; i < start + width; i++) dx[i] = y!.data[i]! * (dy!.data[i]! - inner);
  }
  return [dx];
};

/** losses −Σ t·log softmax(z); gradients softmax(z)·Σt − t */
export const softmaxCrossEntropy: Kernel<"softmaxCrossEntropy"> = (_, [logits, targets]) => {
  const [rows, classes] = logits!.shape as [number, number];
  const losses = new Float64Array(rows);
  const dlogits = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const z = logits!.data.subarray(row * classes, (row + 1) * classes);
    const t = targets!.data.subarray(row * classes, (row + 1) * classes);
    const largest = z.reduce((a, b) => Math.max(a, b), -Infinity);
    const logSum = largest + Math.log(z.reduce((sum, value) => sum + Math.exp(value - largest), 0));
    const weight = t.reduce((sum, value) => sum + value, 0);
    z.forEach((value, c) => {
      losses[row]! += t[c]! * (logSum - value);
      dlogits[row * classes + c] = Math.exp(value - logSum) * weight - t[c]!;
    });
  }
  return [losses, dlogits];
};

export const softmaxCrossEntropyGrad: Kernel<"softmaxCrossEntropyGrad"> = (_, [dlogits, dloss]) => {
  const classes = dlogits!.shape[1]!;
  return [dlogits!.data.map((value, i) => value * dloss!.data[Math.floor(i / classes)]!)];
};

function softmaxRow(row: Float64Array): Float64Array {
  const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = row.map((value) => Math.exp(value - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / sum);
}
