import { expect, it } from "vitest";
import { Bfloat16Products } from "./bfloat16-products.js";

/** Enough of the written graph to see names: protobuf keeps texts as they are. */
const textOf = (definition: Bfloat16Products) => Buffer.from(definition.encode()).toString("latin1");

it("casts the factors of a product and its result, once each, and leaves all else in float32", () => {
  const definition = new Bfloat16Products();
  const float = { T: { type: "float32" } } as const;
  const x = definition.add("Relu", ["images"], float);
  const dx = definition.add("Conv2DBackpropInput", ["shape", "filter", x], float);
  const filter = definition.add("Conv2DBackpropFilter", ["images", "shape", x], float);
  expect(textOf(definition).split("SrcT")).toHaveLength(1 + 5);
  expect(dx).toMatch(/^Cast/);
  expect(filter).toMatch(/^Cast/);
  expect(x).toBe("Relu");
});
