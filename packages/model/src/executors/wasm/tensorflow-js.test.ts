import { beforeAll, expect, it } from "vitest";
import { differentiate } from "../../graph/differentiate.js";
import type { Value } from "../../graph/graph.js";
import { GraphBuilder } from "../../graph/graph-builder.js";
import type { Shape } from "../../graph/operation.js";
import { elementCount } from "../../graph/shape.js";
import { loadTensorFlowJs } from "../../tf.js";
import { randomData } from "../conformance/random-data.js";
import { openWasm } from "./wasm-executor.js";

const tf = loadTensorFlowJs();
type Tensor = ReturnType<typeof tf.tensor>;

beforeAll(() => tf.setBackend("cpu"));

interface Network {
  readonly shapes: readonly Shape[];
  /** Ends in logits [B, 3]. */
  readonly graph: (builder: GraphBuilder, ...inputs: Value[]) => Value;
  readonly tfjs: (...inputs: Tensor[]) => Tensor;
}

const batch = 4;
const targets = Float32Array.of(1, 0, 0, 0, 1, 0, 0.2, 0.3, 0.5, 0, 0, 1);

const convolutional: Network = {
  shapes: [[batch, 12, 12, 3], [5, 5, 3, 8], [8], [8], [3, 3, 8, 8], [8, 3]],
  graph: (builder, x, stem, gamma, beta, filter, head) => {
    const normal = builder.batchNormTrain(builder.conv2d(x!, stem!, { stride: 2, pad: 2 }), gamma!, beta!, 1e-3).y;
    const pooled = builder.maxPool(builder.relu(normal), { size: 3, stride: 2, pad: 1 });
    const residual = builder.add(builder.conv2d(pooled, filter!, { stride: 1, pad: 1 }), pooled);
    return builder.matMul(builder.globalAveragePool(builder.relu(residual)), head!);
  },
  tfjs: (x, stem, gamma, beta, filter, head) => {
    const convolved = tf.conv2d(x as never, stem as never, 2, 2);
    const { mean, variance } = tf.moments(convolved, [0, 1, 2]);
    const normal = tf.batchNorm(convolved, mean as never, variance as never, beta as never, gamma as never, 1e-3);
    const pooled = tf.maxPool(tf.relu(normal) as never, 3, 2, 1);
    const residual = tf.add(tf.conv2d(pooled as never, filter as never, 1, 1), pooled);
    return tf.matMul(tf.mean(tf.relu(residual), [1, 2]), head!);
  },
};

const attentive: Network = {
  shapes: [[batch, 5, 8], [8], [8], [8, 8], [8, 8], [8, 3]],
  graph: (builder, x, gamma, beta, key, value, head) => {
    const normal = builder.layerNorm(builder.reshape(x!, [batch * 5, 8]), gamma!, beta!, 1e-6);
    const tokens = (weight: Value) => builder.reshape(builder.matMul(normal, weight), [batch, 5, 8]);
    const attention = builder.softmax(builder.batchMatMul(tokens(key!), tokens(key!), { transposeB: true }));
    const mixed = builder.add(builder.batchMatMul(attention, tokens(value!)), x!);
    const first = builder.reshape(builder.slice(builder.gelu(mixed), [0, 0, 0], [batch, 1, 8]), [batch, 8]);
    return builder.matMul(first, head!);
  },
  tfjs: (x, gamma, beta, key, value, head) => {
    const rows = tf.reshape(x!, [batch * 5, 8]);
    const { mean, variance } = tf.moments(rows, -1, true);
    const normal = tf.add(tf.mul(tf.div(tf.sub(rows, mean), tf.sqrt(tf.add(variance, 1e-6))), gamma!), beta!);
    const tokens = (weight: Tensor) => tf.reshape(tf.matMul(normal, weight), [batch, 5, 8]);
    const attention = tf.softmax(tf.matMul(tokens(key!), tokens(key!), false, true));
    const mixed = tf.add(tf.matMul(attention, tokens(value!)), x!);
    const gelu = tf.mul(tf.mul(mixed, 0.5), tf.add(tf.erf(tf.mul(mixed, Math.SQRT1_2)), 1));
    return tf.matMul(tf.reshape(tf.slice(gelu, [0, 0, 0], [batch, 1, 8]), [batch, 8]), head!);
  },
};

/** TensorFlow.js differentiates by its own tape and its own gradient rules: nothing of ours takes part in it. */
it.each([
  ["a residual network", convolutional],
  ["an attention block", attentive],
])("loss and gradients of %s are those of TensorFlow.js's tape", async (_, { shapes, graph, tfjs }) => {
  const data = shapes.map((shape, index) => Float32Array.from(randomData(elementCount(shape), index + 1)));

  const builder = new GraphBuilder();
  const inputs = shapes.map((shape, index) => builder.placeholder(`input${index}`, shape));
  const target = builder.placeholder("targets", [batch, 3]);
  const loss = builder.mean(builder.softmaxCrossEntropy(graph(builder, ...inputs), target));
  const gradients = differentiate(builder, loss, inputs);
  const session = await (await openWasm()).openSession([builder.build()]);
  const feeds = new Map([["targets", targets], ...data.map((values, index) => [`input${index}`, values] as const)]);
  const values = [loss, ...inputs.map((input) => gradients.get(input)!)];
  const actual = await session.run(builder.build(), { values, applyUpdates: false }, feeds);
  session.dispose();

  const expected = tf.tidy(() => {
    const tensors = data.map((values, index) => tf.tensor(values, [...shapes[index]!]));
    const lossOf = (...xs: Tensor[]) => {
      const logits = tfjs(...xs);
      return tf.neg(tf.mean(tf.sum(tf.mul(tf.tensor(targets, [batch, 3]), tf.logSoftmax(logits)), -1)));
    };
    const results = [lossOf(...tensors), ...tf.grads(lossOf as never)(tensors)];
    return results.map((tensor) => tensor.dataSync<"float32">().slice());
  });
  expected.forEach((values, index) => {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[index]![i]!)), 0);
    expect(worst, index === 0 ? "loss" : `gradient of input ${index - 1}`).toBeLessThan(1e-5 * Math.max(largest, 0.1));
  });
});
