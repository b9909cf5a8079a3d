import type { OperationAttributes, OperationName, Shape } from "./operation.js";
import { elementCount, formatShape, sameShape, windowedExtent } from "./shape.js";

/** Operations whose result shape follows from their inputs; the others are given theirs when they are made. */
export type InferredOperation = Exclude<OperationName, "placeholder" | "variable" | "constant">;

type Rule<Name extends OperationName> = (attributes: OperationAttributes[Name], ...inputs: Shape[]) => Shape[];

/**
 * Shapes of an operation's results.
 * Throws a TypeError that names the operation, the rule that is broken and all input shapes.
 */
export function inferShapes<Name extends InferredOperation>(
  op: Name,
  attributes: OperationAttributes[Name],
  inputs: readonly Shape[],
): Shape[] {
  try {
    return rules[op](attributes, ...inputs);
  } catch (error) {
    if (!(error instanceof ShapeMismatch)) throw error;
    throw new TypeError(`${op}: ${error.message}; inputs ${inputs.map(formatShape).join(", ") || "none"}`);
  }
}

class ShapeMismatch extends Error {}

function ensure(condition: boolean, rule: string): void {
  if (!condition) throw new ShapeMismatch(rule);
}

function ensureSame(what: string, ...shapes: Shape[]): void {
  const [first, ...rest] = shapes;
  ensure(first !== undefined && rest.every((shape) => sameShape(shape, first)), `${what} must have one shape`);
}

function ensureVectors(extent: number | undefined, what: string, ...shapes: Shape[]): void {
  for (const shape of shapes) {
    ensure(shape.length === 1 && shape[0] === extent, `${what} must be [${extent}], not ${formatShape(shape)}`);
  }
}

function ensureScalars(what: string, ...shapes: Shape[]): void {
  for (const shape of shapes) ensure(shape.length === 0, `${what} must be a scalar, not ${formatShape(shape)}`);
}

function convolved(x: Shape, filter: Shape, { stride, pad }: { stride: number; pad: number }): Shape {
  ensure(x.length === 4, "the input must be [B,H,W,C]");
  ensure(filter.length === 4, "the filter must be [h,w,I,O]");
  const [batch, height, width, channels] = x as [number, number, number, number];
  const [filterHeight, filterWidth, inChannels, outChannels] = filter as [number, number, number, number];
  ensure(channels === inChannels, `the filter takes ${inChannels} channels, the input has ${channels}`);
  const y = [windowedExtent(height, filterHeight, stride, pad), windowedExtent(width, filterWidth, stride, pad)];
  ensure(Math.min(...y) >= 1, `a ${filterHeight}×${filterWidth} filter with padding ${pad} does not fit`);
  return [batch, ...y, outChannels];
}

function pooled(x: Shape, { size, stride, pad }: { size: number; stride: number; pad: number }): Shape {
  ensure(x.length === 4, "the input must be [B,H,W,C]");
  const [batch, height, width, channels] = x as [number, number, number, number];
  const y = [windowedExtent(height, size, stride, pad), windowedExtent(width, size, stride, pad)];
  ensure(Math.min(...y) >= 1, `a ${size}×${size} window with padding ${pad} does not fit`);
  return [batch, ...y, channels];
}

function product(a: Shape, b: Shape, { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean }): Shape {
  ensure(a.length >= 2 && a.length === b.length, "both factors must be matrices of one rank");
  const leading = a.slice(0, -2);
  ensure(sameShape(leading, b.slice(0, -2)), "the leading axes must be equal");
  const [rows, innerA] = transposeA ? [a.at(-1), a.at(-2)] : [a.at(-2), a.at(-1)];
  const [innerB, columns] = transposeB ? [b.at(-1), b.at(-2)] : [b.at(-2), b.at(-1)];
  ensure(innerA === innerB, `the inner extents ${innerA} and ${innerB} must be equal`);
  return [...leading, rows!, columns!];
}

const elementwise = (x: Shape): Shape[] => [x];
const elementwisePair = (_: object, a: Shape, b: Shape): Shape[] => {
  ensureSame("both inputs", a, b);
  return [a];
};

const rules: { readonly [Name in InferredOperation]: Rule<Name> } = {
  conv2d: (attributes, x, filter) => [convolved(x!, filter!, attributes)],
  conv2dGradInput: (attributes, dy, filter) => {
    ensureSame("the gradient and the convolution's result", convolved(attributes.inputShape, filter!, attributes), dy!);
    return [attributes.inputShape];
  },
  conv2dGradFilter: (attributes, x, dy) => {
    ensureSame("the gradient and the convolution's result", convolved(x!, attributes.filterShape, attributes), dy!);
    return [attributes.filterShape];
  },

  batchNormTrain: (_, x, gamma, beta) => {
    const channels = x!.at(-1);
    ensureVectors(channels, "gamma and beta", gamma!, beta!);
    const statistic: Shape = [channels!];
    return [x!, statistic, statistic, statistic, statistic, statistic];
  },
  batchNormTrainGrad: (_, dy, x, gamma, ...saved) => {
    ensureSame("the gradient and x", dy!, x!);
    ensureVectors(x!.at(-1), "gamma and the saved statistics", gamma!, ...saved);
    return [x!, gamma!, gamma!];
  },
  batchNormInference: (_, x, ...vectors) => {
    ensureVectors(x!.at(-1), "gamma, beta, mean and variance", ...vectors);
    return [x!];
  },
  batchNormInferenceGrad: (_, dy, x, gamma, ...statistics) => {
    ensureSame("the gradient and x", dy!, x!);
    ensureVectors(x!.at(-1), "gamma, mean and variance", gamma!, ...statistics);
    return [x!, gamma!, gamma!];
  },
  layerNorm: (_, x, gamma, beta) => {
    ensure(x!.length === 2, "x must be [M,D]");
    ensureVectors(x![1], "gamma and beta", gamma!, beta!);
    return [x!, [x![0]!], [x![0]!]];
  },
  layerNormGrad: (_, dy, x, gamma, mean, inverseDeviation) => {
    ensureSame("the gradient and x", dy!, x!);
    ensureVectors(x![1], "gamma", gamma!);
    ensureVectors(x![0], "mean and inverse deviation", mean!, inverseDeviation!);
    return [x!, gamma!, gamma!];
  },

  relu: (_, x) => elementwise(x!),
  reluGrad: (_, dy, y) => elementwisePair(_, dy!, y!),
  gelu: (_, x) => elementwise(x!),
  geluGrad: (_, dy, x) => elementwisePair(_, dy!, x!),
  softmax: (_, x) => elementwise(x!),
  softmaxGrad: (_, dy, y) => elementwisePair(_, dy!, y!),

  maxPool: (attributes, x) => [pooled(x!, attributes)],
  maxPoolGrad: (attributes, x, y, dy) => {
    ensureSame("the pool's result, y and its gradient", pooled(x!, attributes), y!, dy!);
    return [x!];
  },
  globalAveragePool: (_, x) => {
    ensure(x!.length === 4, "the input must be [B,H,W,C]");
    return [[x![0]!, x![3]!]];
  },
  globalAveragePoolGrad: ({ inputShape }, dy) => {
    ensureSame("the gradient and the pool's result", [inputShape[0]!, inputShape[3]!], dy!);
    return [inputShape];
  },

  matMul: (attributes, a, b) => {
    ensure(a!.length === 2, "the factors must be matrices");
    return [product(a!, b!, attributes)];
  },
  batchMatMul: (attributes, a, b) => [product(a!, b!, attributes)],

  add: (_, a, b) => elementwisePair(_, a!, b!),
  addN: (_, ...terms) => {
    ensureSame("all terms", ...terms);
    return [terms[0]!];
  },
  biasAdd: (_, x, bias) => {
    ensureVectors(x!.at(-1), "the bias", bias!);
    return [x!];
  },
  biasAddGrad: (_, dy) => {
    ensure(dy!.length >= 1, "the gradient must have an axis");
    return [[dy!.at(-1)!]];
  },
  addToBatch: (_, x, p) => {
    ensureSame("p and one element of x", [1, ...x!.slice(1)], p!);
    return [x!];
  },
  sumBatch: (_, x) => [[1, ...x!.slice(1)]],
  tileBatch: ({ batch }, x) => {
    ensure(x![0] === 1, "the first axis must be 1");
    return [[batch, ...x!.slice(1)]];
  },
  scale: (_, x) => elementwise(x!),

  reshape: ({ shape }, x) => {
    ensure(elementCount(shape) === elementCount(x!), `${formatShape(shape)} has another number of elements`);
    return [shape];
  },
  transpose: ({ permutation }, x) => {
    const sorted = [...permutation].sort((a, b) => a - b);
    ensure(
      permutation.length === x!.length && sorted.every((axis, i) => axis === i),
      `bad permutation ${formatShape(permutation)}`,
    );
    return [permutation.map((axis) => x![axis]!)];
  },
  slice: ({ begin, size }, x) => {
    ensure(begin.length === x!.length && size.length === x!.length, "begin and size need one entry an axis");
    const inside = x!.every(
      (extent, axis) => begin[axis]! >= 0 && size[axis]! >= 1 && begin[axis]! + size[axis]! <= extent,
    );
    ensure(inside, `begin ${formatShape(begin)} with size ${formatShape(size)} leaves the input`);
    return [size];
  },
  pad: ({ paddings }, x) => {
    ensure(
      paddings.length === x!.length && paddings.flat().every((p) => p >= 0),
      "paddings need one pair >= 0 an axis",
    );
    return [x!.map((extent, axis) => extent + paddings[axis]![0] + paddings[axis]![1])];
  },
  concat: ({ axis }, ...parts) => {
    const [first] = parts;
    ensure(first !== undefined && axis >= 0 && axis < first.length, `there is no axis ${axis}`);
    ensureSame(
      "all axes but the joined one",
      ...parts.map((shape) => shape.map((extent, a) => (a === axis ? 0 : extent))),
    );
    return [first!.map((extent, a) => (a === axis ? parts.reduce((sum, shape) => sum + shape[axis]!, 0) : extent))];
  },
  barrier: (_, x) => elementwise(x!),

  softmaxCrossEntropy: (_, logits, targets) => {
    ensure(logits!.length === 2, "logits must be [B,C]");
    ensureSame("logits and targets", logits!, targets!);
    return [[logits![0]!], logits!];
  },
  softmaxCrossEntropyGrad: (_, dlogits, dloss) => {
    ensureVectors(dlogits![0], "the gradient of the losses", dloss!);
    return [dlogits!];
  },
  mean: (_, x) => {
    ensure(x!.length === 1, "the input must be [B]");
    return [[]];
  },
  meanGrad: ({ size }, dy) => {
    ensureScalars("the gradient", dy!);
    return [[size]];
  },

  globalNorm: (_, ...gradients) => {
    ensure(gradients.length >= 1, "at least one gradient is needed");
    return [[]];
  },
  clipFactor: (_, norm) => {
    ensureScalars("the norm", norm!);
    return [[]];
  },
  applyMomentum: (_, _gradient, learningRate, gradientScale) => {
    ensureScalars("learning rate and gradient scale", learningRate!, gradientScale!);
    return [];
  },
  applyAdamW: (_, _gradient, learningRate, gradientScale, step) => {
    ensureScalars("learning rate, gradient scale and step", learningRate!, gradientScale!, step!);
    return [];
  },
  moveAverage: () => [],
  accumulate: () => [],
  clearAccumulated: () => [],
  averageWeights: (_, step) => {
    ensureScalars("the step", step!);
    return [];
  },
};
