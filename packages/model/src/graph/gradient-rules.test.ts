import { describe, expect, it } from "vitest";
import { evaluateNodes } from "../executors/reference/evaluate.js";
import { differentiate } from "./differentiate.js";
import { gradientRules } from "./gradient-rules.js";
import type { Value } from "./graph.js";
import { GraphBuilder } from "./graph-builder.js";
import type { OperationName, Shape } from "./operation.js";
import { elementCount } from "./shape.js";

type Build = (graph: GraphBuilder, ...inputs: Value[]) => Value;

/** Seeded numbers in [low, high). */
function randomData(count: number, seed: number, low = -1, high = 1): Float64Array {
  let state = seed * 2654435761 + 1;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return low + ((high - low) * state) / 2 ** 32;
  });
}

/**
 * Compares the derived gradients of a random weighted sum of an operation's result with central differences in float64, for every
 * input. Gradients that training relies on are wrong by a factor or a transposition, never by rounding: 1e-6 tells them apart.
 */
function expectGradientsRight(shapes: readonly Shape[], build: Build, lows: readonly number[] = []): void {
  const graph = new GraphBuilder();
  const inputs = shapes.map((shape, i) => graph.placeholder(`x${i}`, shape));
  const y = build(graph, ...inputs);
  const count = elementCount(y.shape);
  const weights = graph.constant(Float32Array.from(randomData(count, 99)), [count, 1]);
  const loss = graph.reshape(graph.matMul(graph.reshape(y, [1, count]), weights), []);
  const gradients = differentiate(graph, loss, inputs);
  const nodes = graph.build().nodes;
  const feeds = new Map(shapes.map((shape, i) => [`x${i}`, randomData(elementCount(shape), i + 1, lows[i] ?? -1)]));
  const evaluate = () => evaluateNodes(nodes, new Map(), feeds);
  const analytic = evaluate();

  const epsilon = 1e-5;
  inputs.forEach((input, i) => {
    const data = feeds.get(`x${i}`)!;
    const derived = analytic.get(gradients.get(input)!)!;
    for (let element = 0; element < data.length; element++) {
      const original = data[element]!;
      data[element] = original + epsilon;
      const above = evaluate().get(loss)![0]!;
      data[element] = original - epsilon;
      const below = evaluate().get(loss)![0]!;
      data[element] = original;
      const numeric = (above - below) / (2 * epsilon);
      expect(Math.abs(derived[element]! - numeric), `input ${i}, element ${element}`).toBeLessThan(
        1e-6 * Math.max(1, Math.abs(numeric)),
      );
    }
  });
}

const cases: Partial<Record<OperationName, { shapes: Shape[]; build: Build; lows?: number[] }[]>> = {
  conv2d: [
    {
      shapes: [
        [2, 5, 4, 2],
        [3, 3, 2, 3],
      ],
      build: (g, x, w) => g.conv2d(x!, w!, { stride: 1, pad: 1 }),
    },
    {
      shapes: [
        [1, 7, 6, 2],
        [3, 3, 2, 2],
      ],
      build: (g, x, w) => g.conv2d(x!, w!, { stride: 2, pad: 1 }),
    },
    {
      shapes: [
        [1, 8, 8, 1],
        [7, 7, 1, 2],
      ],
      build: (g, x, w) => g.conv2d(x!, w!, { stride: 2, pad: 3 }),
    },
    {
      shapes: [
        [2, 5, 5, 3],
        [1, 1, 3, 2],
      ],
      build: (g, x, w) => g.conv2d(x!, w!, { stride: 2, pad: 0 }),
    },
    {
      shapes: [
        [1, 8, 8, 2],
        [4, 4, 2, 3],
      ],
      build: (g, x, w) => g.conv2d(x!, w!, { stride: 4, pad: 0 }),
    },
  ],
  batchNormTrain: [
    { shapes: [[3, 2, 2, 3], [3], [3]], build: (g, x, gamma, beta) => g.batchNormTrain(x!, gamma!, beta!, 1e-3).y },
  ],
  batchNormInference: [
    {
      shapes: [[3, 2, 2, 3], [3], [3]],
      build: (g, x, gamma, beta) => {
        const mean = g.constant(Float32Array.of(0.1, -0.2, 0.3), [3]);
        const variance = g.constant(Float32Array.of(0.5, 1, 2), [3]);
        return g.batchNormInference(x!, gamma!, beta!, mean, variance, 1e-3);
      },
    },
  ],
  layerNorm: [{ shapes: [[4, 5], [5], [5]], build: (g, x, gamma, beta) => g.layerNorm(x!, gamma!, beta!, 1e-3) }],
  relu: [{ shapes: [[3, 4]], build: (g, x) => g.relu(x!) }],
  gelu: [{ shapes: [[3, 4]], build: (g, x) => g.gelu(g.scale(x!, 5)) }],
  softmax: [{ shapes: [[2, 3, 4]], build: (g, x) => g.softmax(x!) }],
  maxPool: [
    { shapes: [[2, 5, 6, 2]], build: (g, x) => g.maxPool(x!, { size: 3, stride: 2, pad: 1 }), lows: [0.01] },
    { shapes: [[1, 4, 4, 1]], build: (g, x) => g.maxPool(x!, { size: 2, stride: 2, pad: 0 }) },
  ],
  globalAveragePool: [{ shapes: [[2, 3, 4, 2]], build: (g, x) => g.globalAveragePool(x!) }],
  matMul: [
    {
      shapes: [
        [2, 3],
        [3, 4],
      ],
      build: (g, a, b) => g.matMul(a!, b!),
    },
    {
      shapes: [
        [3, 2],
        [3, 4],
      ],
      build: (g, a, b) => g.matMul(a!, b!, { transposeA: true }),
    },
    {
      shapes: [
        [2, 3],
        [4, 3],
      ],
      build: (g, a, b) => g.matMul(a!, b!, { transposeB: true }),
    },
    {
      shapes: [
        [3, 2],
        [4, 3],
      ],
      build: (g, a, b) => g.matMul(a!, b!, { transposeA: true, transposeB: true }),
    },
  ],
  batchMatMul: [
    {
      shapes: [
        [2, 2, 2, 3],
        [2, 2, 3, 4],
      ],
      build: (g, a, b) => g.batchMatMul(a!, b!),
    },
    {
      shapes: [
        [2, 2, 3],
        [2, 4, 3],
      ],
      build: (g, a, b) => g.batchMatMul(a!, b!, { transposeB: true }),
    },
    {
      shapes: [
        [2, 3, 2],
        [2, 3, 4],
      ],
      build: (g, a, b) => g.batchMatMul(a!, b!, { transposeA: true }),
    },
  ],
  add: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      build: (g, a, b) => g.add(a!, b!),
    },
    { shapes: [[2, 3]], build: (g, a) => g.add(a!, a!) },
  ],
  addN: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      build: (g, a, b) => g.sum([a!, b!, a!]),
    },
  ],
  biasAdd: [{ shapes: [[2, 3, 4], [4]], build: (g, x, b) => g.biasAdd(x!, b!) }],
  addToBatch: [
    {
      shapes: [
        [3, 2, 4],
        [1, 2, 4],
      ],
      build: (g, x, p) => g.addToBatch(x!, p!),
    },
  ],
  sumBatch: [{ shapes: [[3, 2, 4]], build: (g, x) => g.append("sumBatch", {}, [x!])[0]! }],
  tileBatch: [{ shapes: [[1, 2, 3]], build: (g, x) => g.tileBatch(x!, 3) }],
  scale: [{ shapes: [[2, 3]], build: (g, x) => g.scale(x!, -2.5) }],
  reshape: [{ shapes: [[2, 3, 4]], build: (g, x) => g.reshape(x!, [4, 6]) }],
  transpose: [{ shapes: [[2, 3, 4, 2]], build: (g, x) => g.transpose(x!, [2, 0, 3, 1]) }],
  slice: [
    { shapes: [[4, 5]], build: (g, x) => g.slice(x!, [1, 2], [2, 3]) },
    {
      shapes: [[3, 4]],
      build: (g, x) => {
        const row = (i: number) => g.slice(x!, [i, 0], [1, 4]);
        return g.concat([g.scale(row(2), 2), row(0), g.gelu(row(1))], 0);
      },
    },
    { shapes: [[3, 4]], build: (g, x) => g.add(g.slice(x!, [0, 0], [2, 4]), g.slice(x!, [1, 0], [2, 4])) },
  ],
  pad: [
    {
      shapes: [[2, 3]],
      build: (g, x) =>
        g.append(
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
      build: (g, ...parts) => g.concat(parts, 1),
    },
  ],
  softmaxCrossEntropy: [
    {
      shapes: [[3, 4]],
      build: (g, x) => g.softmaxCrossEntropy(x!, g.constant(Float32Array.from(randomData(12, 5, 0, 1)), [3, 4])),
    },
  ],
  mean: [{ shapes: [[5]], build: (g, x) => g.mean(x!) }],
};

describe("every differentiable operation has the gradient that central differences give", () => {
  for (const [op, variants] of Object.entries(cases)) {
    it.each(
      variants.map((variant) => [variant.shapes.map((shape) => `[${shape.join()}]`).join(" "), variant] as const),
    )(`${op} %s`, (_title, { shapes, build, lows }) => expectGradientsRight(shapes, build, lows));
  }

  it("and none is left out", () => {
    expect(Object.keys(cases).sort()).toEqual([...Object.keys(gradientRules), "slice"].sort());
  });
});
