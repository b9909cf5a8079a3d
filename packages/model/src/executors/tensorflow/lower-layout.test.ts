import { expect, it } from "vitest";
import { GraphBuilder } from "../../graph/graph-builder.js";
import { GraphDefBuilder } from "./graph-def.js";
import { barrier } from "./lower-layout.js";
import { unary } from "./lowering.js";

/** Without the control input TensorFlow finds a recomputed block equal to the first one and merges them: no memory is saved. */
it("a barrier waits for the node, not for one of its results", () => {
  const graph = new GraphBuilder();
  const [x, after] = [graph.scalar(1), graph.scalar(2)];
  const { node } = graph.append("barrier", {}, [x, after])[0]!;
  if (node.op !== "barrier") throw new TypeError("not a barrier");

  const definition = new GraphDefBuilder();
  const gradient = unary(definition, "Neg", definition.float(2));
  barrier(definition, node, [definition.float(1), `${gradient}:1`]);

  const written = Buffer.from(definition.encode()).toString("latin1");
  expect(written).toContain(`^${gradient}`);
  expect(written).not.toContain(`^${gradient}:1`);
});
