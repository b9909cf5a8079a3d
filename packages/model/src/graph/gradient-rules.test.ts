import { describe, expect, it } from "vitest";
import { type OperationCase, operationCases } from "../executors/conformance/operation-cases.js";
import { randomData } from "../executors/conformance/random-data.js";
import { evaluateNodes } from "../executors/reference/evaluate.js";
import { differentiate } from "./differentiate.js";
import { gradientRules } from "./gradient-rules.js";
import { GraphBuilder } from "./graph-builder.js";
import { elementCount, formatShape } from "./shape.js";

/**
 * Compares the derived gradients of a random weighted sum of an operation's result with central differences in float64, for every
 * input. Gradients that training relies on are wrong by a factor or a transposition, never by rounding: 1e-6 tells them apart.
 */
function expectGradientsRight({ shapes, lows, build }: OperationCase): void {
  const graph = new GraphBuilder();
  const inputs = shapes.map((shape, i) => graph.placeholder(`x${i}`, shape));
  const y = build(graph, ...inputs);
  const count = elementCount(y.shape);
  const weights = graph.constant(Float32Array.from(randomData(count, 99)), [count, 1]);
  const loss = graph.reshape(graph.matMul(graph.reshape(y, [1, count]), weights), []);
  const gradients = differentiate(graph, loss, inputs);
  const nodes = graph.build().nodes;
  const feeds = new Map(shapes.map((shape, i) => [`x${i}`, randomData(elementCount(shape), i + 1, lows?.[i])]));
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

describe("every differentiable operation has the gradient that central differences give", () => {
  for (const [op, variants] of Object.entries(operationCases)) {
    it.each(variants.map((variant) => [variant.shapes.map(formatShape).join(" "), variant] as const))(
      `${op} %s`,
      (_title, one) => expectGradientsRight(one),
    );
  }

  it("and none is left out", () => {
    expect(Object.keys(operationCases).sort()).toEqual([...Object.keys(gradientRules), "slice"].sort());
  });
});
