import type { Value } from "../../graph/graph.js";
import type { GraphBuilder } from "../../graph/graph-builder.js";
import type { OperationName, Shape } from "../../graph/operation.js";

/** A small graph around one operation. Inputs are random in [low, 1), low = −1 unless said. */
export interface OperationCase {
  readonly shapes: readonly Shape[];
  readonly lows?: readonly number[];
  readonly build: (graph: GraphBuilder, ...inputs: Value[]) => Value;
}

const convolution = (x: Shape, filter: Shape, stride: number, pad: number): OperationCase => ({
  shapes: [x, filter],
  build: (graph, image, weights) => graph.conv2d(image!, weights!, { stride, pad }),
});

const product = (a: Shape, b: Shape, transposeA: boolean, transposeB: boolean): OperationCase => ({
  shapes: [a, b],
  build: (graph, left, right) =>
    a.length === 2
      ? graph.matMul(left!, right!, { transposeA, transposeB })
      : graph.batchMatMul(left!, right!, { transposeA, transposeB }),
});

const batchNormTrain = (x: Shape): OperationCase => ({
  shapes: [x, [x.at(-1)!], [x.at(-1)!]],
  build: (graph, image, gamma, beta) => graph.batchNormTrain(image!, gamma!, beta!, 1e-3).y,
});

const layerNorm = (rows: number, width: number): OperationCase => ({
  shapes: [[rows, width], [width], [width]],
  build: (graph, x, gamma, beta) => graph.layerNorm(x!, gamma!, beta!, 1e-3),
});

/**
 * Every operation that a network is made of, small enough to compare each gradient with central differences. The gradient
 * operations come in by differentiating these.
 */
export const operationCases: Partial<Record<OperationName, readonly OperationCase[]>> = {
  conv2d: [
    convolution([2, 5, 4, 2], [3, 3, 2, 3], 1, 1),
    convolution([1, 7, 6, 2], [3, 3, 2, 2], 2, 1),
    convolution([1, 8, 8, 1], [7, 7, 1, 2], 2, 3),
    convolution([2, 5, 5, 3], [1, 1, 3, 2], 2, 0),
    convolution([1, 8, 8, 2], [4, 4, 2, 3], 4, 0),
  ],
  batchNormTrain: [batchNormTrain([3, 2, 2, 3])],
  batchNormInference: [
    {
      shapes: [[3, 2, 2, 3], [3], [3]],
      build: (graph, x, gamma, beta) => {
        const mean = graph.constant(Float32Array.of(0.1, -0.2, 0.3), [3]);
        const variance = graph.constant(Float32Array.of(0.5, 1, 2), [3]);
        return graph.batchNormInference(x!, gamma!, beta!, mean, variance, 1e-3);
      },
    },
  ],
  layerNorm: [layerNorm(4, 5)],
  relu: [{ shapes: [[3, 4]], build: (graph, x) => graph.relu(x!) }],
  gelu: [{ shapes: [[3, 4]], build: (graph, x) => graph.gelu(graph.scale(x!, 5)) }],
  softmax: [{ shapes: [[2, 3, 4]], build: (graph, x) => graph.softmax(x!) }],
  maxPool: [
    { shapes: [[2, 5, 6, 2]], lows: [0.01], build: (graph, x) => graph.maxPool(x!, { size: 3, stride: 2, pad: 1 }) },
    { shapes: [[1, 4, 4, 1]], build: (graph, x) => graph.maxPool(x!, { size: 2, stride: 2, pad: 0 }) },
  ],
  globalAveragePool: [{ shapes: [[2, 3, 4, 2]], build: (graph, x) => graph.globalAveragePool(x!) }],
  matMul: [
    product([2, 3], [3, 4], false, false),
    product([3, 2], [3, 4], true, false),
    product([2, 3], [4, 3], false, true),
    product([3, 2], [4, 3], true, true),
  ],
  batchMatMul: [
    product([2, 2, 2, 3], [2, 2, 3, 4], false, false),
    product([2, 2, 3], [2, 4, 3], false, true),
    product([2, 3, 2], [2, 3, 4], true, false),
  ],
  add: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      build: (graph, a, b) => graph.add(a!, b!),
    },
    { shapes: [[2, 3]], build: (graph, a) => graph.add(a!, a!) },
  ],
  addN: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      build: (graph, a, b) => graph.sum([a!, b!, a!]),
    },
  ],
  biasAdd: [{ shapes: [[2, 3, 4], [4]], build: (graph, x, bias) => graph.biasAdd(x!, bias!) }],
  addToBatch: [
    {
      shapes: [
        [3, 2, 4],
        [1, 2, 4],
      ],
      build: (graph, x, p) => graph.addToBatch(x!, p!),
    },
  ],
  sumBatch: [{ shapes: [[3, 2, 4]], build: (graph, x) => graph.append("sumBatch", {}, [x!])[0]! }],
  tileBatch: [{ shapes: [[1, 2, 3]], build: (graph, x) => graph.tileBatch(x!, 3) }],
  scale: [{ shapes: [[2, 3]], build: (graph, x) => graph.scale(x!, -2.5) }],
  reshape: [{ shapes: [[2, 3, 4]], build: (graph, x) => graph.reshape(x!, [4, 6]) }],
  transpose: [
    { shapes: [[2, 3, 4, 2]], build: (graph, x) => graph.transpose(x!, [2, 0, 3, 1]) },
    { shapes: [[2, 3, 3, 2, 2]], build: (graph, x) => graph.transpose(x!, [2, 0, 3, 1, 4]) },
  ],
  slice: [
    { shapes: [[4, 5]], build: (graph, x) => graph.slice(x!, [1, 2], [2, 3]) },
    {
      shapes: [[3, 4]],
      build: (graph, x) => {
        const row = (index: number) => graph.slice(x!, [index, 0], [1, 4]);
        return graph.concat([graph.scale(row(2), 2), row(0), graph.gelu(row(1))], 0);
      },
    },
    {
      shapes: [[3, 4]],
      build: (graph, x) => graph.add(graph.slice(x!, [0, 0], [2, 4]), graph.slice(x!, [1, 0], [2, 4])),
    },
  ],
  pad: [
    {
      shapes: [[2, 3]],
      build: (graph, x) =>
        graph.append(
          "pad",
          {
            paddings: [
              [1, 0],
              [2, 1],
            ],
          },
          [x!],
        )[0]!,
    },
  ],
  concat: [
    {
      shapes: [
        [2, 3],
        [2, 1],
        [2, 2],
      ],
      build: (graph, ...parts) => graph.concat(parts, 1),
    },
  ],
  softmaxCrossEntropy: [
    {
      shapes: [[3, 4]],
      build: (graph, x) => {
        // One-hot, smoothed, and a weighted row that does not sum to one.
        const targets = Float32Array.of(1, 0, 0, 0, 0.1, 0.7, 0.1, 0.1, 0.3, 0, 0.2, 0);
        return graph.softmaxCrossEntropy(x!, graph.constant(targets, [3, 4]));
      },
    },
  ],
  mean: [{ shapes: [[5]], build: (graph, x) => graph.mean(x!) }],
};

/** Extents of the real networks, odd ones and ones beyond a vector register: too many elements for central differences. */
export const largerCases: Partial<Record<OperationName, readonly OperationCase[]>> = {
  conv2d: [
    convolution([2, 33, 31, 3], [7, 7, 3, 16], 2, 3),
    convolution([2, 9, 9, 17], [3, 3, 17, 19], 1, 1),
    convolution([2, 9, 10, 16], [3, 3, 16, 32], 2, 1),
    convolution([3, 1, 1, 8], [3, 3, 8, 8], 1, 1),
    convolution([3, 2, 2, 8], [3, 3, 8, 8], 2, 1),
    convolution([2, 7, 7, 32], [1, 1, 32, 12], 1, 0),
    convolution([2, 7, 7, 12], [1, 1, 12, 32], 2, 0),
    convolution([4, 8, 8, 4], [1, 1, 4, 4], 2, 0),
    convolution([2, 32, 32, 3], [16, 16, 3, 24], 16, 0),
    convolution([2, 16, 16, 3], [5, 5, 3, 4], 1, 2),
  ],
  batchNormTrain: [batchNormTrain([4, 7, 5, 33]), batchNormTrain([8, 6])],
  layerNorm: [layerNorm(35, 192), layerNorm(3, 7)],
  matMul: [product([65, 130], [130, 33], false, false), product([130, 65], [33, 130], true, true)],
  batchMatMul: [
    product([4, 3, 17, 16], [4, 3, 17, 16], false, true),
    product([12, 17, 17], [12, 17, 16], false, false),
  ],
  maxPool: [
    { shapes: [[2, 17, 16, 9]], lows: [0], build: (graph, x) => graph.maxPool(x!, { size: 3, stride: 2, pad: 1 }) },
  ],
  gelu: [{ shapes: [[7, 129]], build: (graph, x) => graph.gelu(graph.scale(x!, 8)) }],
  softmax: [{ shapes: [[3, 17, 17]], build: (graph, x) => graph.softmax(graph.scale(x!, 30)) }],
};
