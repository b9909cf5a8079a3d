import { float, floatWith, type Lowering, padded, reshaped, sliced } from "./lowering.js";

export const matMul: Lowering<"matMul"> = (definition, { attributes }, factors) => [
  definition.add("MatMul", factors, {
    ...float,
    transpose_a: { bool: attributes.transposeA },
    transpose_b: { bool: attributes.transposeB },
  }),
];

export const batchMatMul: Lowering<"batchMatMul"> = (definition, { attributes }, factors) => [
  definition.add("BatchMatMulV2", factors, {
    ...float,
    adj_x: { bool: attributes.transposeA },
    adj_y: { bool: attributes.transposeB },
  }),
];

export const reshape: Lowering<"reshape"> = (definition, { attributes }, [x]) => [
  reshaped(definition, x!, attributes.shape),
];

/** The control input keeps TensorFlow from merging a recomputed block with the first one, and from computing it early. */
export const barrier: Lowering<"barrier"> = (definition, _, [x, after]) => [
  definition.add("Identity", [x!], float, { after: [after!.replace(/:\d+$/, "")] }),
];

export const transpose: Lowering<"transpose"> = (definition, { attributes }, [x]) => [
  definition.add("Transpose", [x!, definition.integers(attributes.permutation)], floatWith("Tperm")),
];

export const slice: Lowering<"slice"> = (definition, { attributes }, [x]) => [
  sliced(definition, x!, attributes.begin, attributes.size),
];

export const pad: Lowering<"pad"> = (definition, { attributes }, [x]) => [padded(definition, x!, attributes.paddings)];

export const concat: Lowering<"concat"> = (definition, { attributes }, parts) => {
  const axis = definition.integers([attributes.axis], []);
  return [definition.add("ConcatV2", [...parts, axis], { ...floatWith("Tidx"), N: { integer: parts.length } })];
};
