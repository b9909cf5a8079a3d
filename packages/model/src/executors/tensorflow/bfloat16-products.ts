import { type Attributes, GraphDefBuilder, type NodeOptions, type Ref } from "./graph-def.js";

/** Operations that multiply matrices, and which of their inputs are factors; the others are shapes. */
const factors: Readonly<Record<string, readonly number[]>> = {
  Conv2D: [0, 1],
  Conv2DBackpropInput: [1, 2],
  Conv2DBackpropFilter: [0, 2],
  MatMul: [0, 1],
  BatchMatMulV2: [0, 1],
};

/**
 * Writes every product in bfloat16: its factors are cast, its result is cast back. A value that several products take (a gradient,
 * by the input's and the filter's) is cast once.
 */
export class Bfloat16Products extends GraphDefBuilder {
  override add(op: string, inputs: readonly Ref[], attributes: Attributes, options?: NodeOptions): Ref {
    const cast = factors[op];
    if (cast === undefined) return super.add(op, inputs, attributes, options);
    const lowered = inputs.map((input, index) => (cast.includes(index) ? this.lowered(input) : input));
    const product = super.add(op, lowered, { ...attributes, T: { type: "bfloat16" } }, options);
    return super.add("Cast", [product], { SrcT: { type: "bfloat16" }, DstT: { type: "float32" } });
  }

  private lowered(value: Ref): Ref {
    return this.sharedNode(`bfloat16 ${value}`, () =>
      super.add("Cast", [value], { SrcT: { type: "float32" }, DstT: { type: "bfloat16" } }),
    );
  }
}
