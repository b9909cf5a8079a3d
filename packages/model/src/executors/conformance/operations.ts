import { describe, expect, it } from "vitest";
import { differentiate } from "../../graph/differentiate.js";
import { GraphBuilder } from "../../graph/graph-builder.js";
import { elementCount, formatShape } from "../../graph/shape.js";
import type { Executor } from "../executor.js";
import { referenceExecutor } from "../reference/reference-executor.js";
import { largerCases, type OperationCase, operationCases } from "./operation-cases.js";
import { randomData } from "./random-data.js";

/**
 * An executor computes every operation and every gradient operation as plain loops in float64 do, to the rounding of float32: within
 * 1e-5 of the largest element of each result.
 */
export function describeOperations(open: () => Promise<Executor>): void {
  describe.each([...Object.entries(operationCases), ...Object.entries(largerCases)])("%s", (_op, cases) => {
    it.each(cases.map((one) => [one.shapes.map(formatShape).join(" "), one] as const))("%s", async (_title, one) => {
      const actual = await run(await open(), one);
      const expected = await run(referenceExecutor, one);
      expected.forEach((values, result) => {
        expectClose(actual[result]!, values, 1e-5, result === 0 ? "result" : `gradient of input ${result - 1}`);
      });
    });
  });
}

/** The operation's result and the gradients of all inputs for a random weighting of the result. */
async function run(executor: Executor, { shapes, lows, build }: OperationCase): Promise<Float32Array[]> {
  const graph = new GraphBuilder();
  const inputs = shapes.map((shape, i) => graph.placeholder(`input${i}`, shape));
  const y = build(graph, ...inputs);
  const count = elementCount(y.shape);
  const weights = graph.placeholder("weights", [count, 1]);
  const loss = graph.reshape(graph.matMul(graph.reshape(y, [1, count]), weights), []);
  const gradients = differentiate(graph, loss, inputs);
  const built = graph.build();

  const feeds = new Map([["weights", Float32Array.from(randomData(count, 99))]]);
  shapes.forEach((shape, i) => {
    feeds.set(`input${i}`, Float32Array.from(randomData(elementCount(shape), i + 1, lows?.[i])));
  });
  const session = await executor.openSession([built]);
  try {
    const values = [y, ...inputs.map((input) => gradients.get(input)!)];
    return await session.run(built, { values, applyUpdates: false }, feeds);
  } finally {
    session.dispose();
  }
}

/** Each element within `tolerance` of the expected tensor's largest absolute value. */
export function expectClose(actual: Float32Array, expected: ArrayLike<number>, tolerance: number, what: string): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  let largest = 0;
  let worst = 0;
  let at = 0;
  for (let i = 0; i < actual.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]!));
    const distance = Math.abs(actual[i]! - expected[i]!);
    if (distance > worst || Number.isNaN(distance)) [worst, at] = [distance, i];
    if (Number.isNaN(distance)) break;
  }
  const message = `${what}: element ${at} is ${actual[at]}, expected ${expected[at]}; largest ${largest}`;
  expect(worst, message).toBeLessThanOrEqual(tolerance * Math.max(largest, 1e-3));
}
