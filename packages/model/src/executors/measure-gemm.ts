import type { Value } from "../graph/graph.js";
import { GraphBuilder } from "../graph/graph-builder.js";
import type { Executor } from "./executor.js";

const size = 512;
const products = 4;

/** Products in a row of 512 × 512 matrices; one number is fetched. */
function buildGraph() {
  const graph = new GraphBuilder();
  const shape = [size, size];
  const a = graph.variable({ name: "a", shape, kind: "linear", trainable: false });
  const b = graph.variable({ name: "b", shape, kind: "linear", trainable: false });
  let result: Value = a;
  for (let i = 0; i < products; i++) result = graph.matMul(result, b);
  const corner = graph.slice(result, [0, 0], [1, 1]);
  return { graph: graph.build(), corner };
}

/**
 * Speed of matrix products in GFLOP/s (10⁹ additions and multiplications a second): the best of the runs that fit into
 * `milliseconds`, after one to warm up.
 */
export async function measureGemm(executor: Executor, milliseconds: number): Promise<number> {
  const { graph, corner } = buildGraph();
  const session = await executor.openSession([graph]);
  try {
    // An average of neighbours keeps the numbers bounded.
    const average = new Float32Array(size * size).fill(1 / size);
    await session.write(
      new Map([
        ["a", average],
        ["b", average],
      ]),
    );
    const run = () => session.run(graph, { values: [corner], applyUpdates: false }, new Map());
    await run();
    let best = Number.POSITIVE_INFINITY;
    const deadline = performance.now() + milliseconds;
    do {
      const started = performance.now();
      await run();
      best = Math.min(best, performance.now() - started);
    } while (performance.now() < deadline);
    return (2 * size ** 3 * products) / best / 1e6;
  } finally {
    session.dispose();
  }
}
