import { describe, expect, it } from "vitest";
import type { OperationAttributes } from "./operation.js";
import { type InferredOperation, inferShapes } from "./shape-inference.js";

/** A wrong network fails while it is built, with the operation and the shapes, and not in an executor that trusts the graph. */
describe("inferShapes refuses", () => {
  const refused = <Name extends InferredOperation>(
    op: Name,
    attributes: OperationAttributes[Name],
    shapes: number[][],
    message: string,
  ) => [op, message, () => inferShapes(op, attributes, shapes)] as const;

  it.each([
    refused(
      "conv2d",
      { stride: 1, pad: 1 },
      [
        [2, 8, 8, 3],
        [3, 3, 4, 8],
      ],
      "the filter takes 4 channels, the input has 3",
    ),
    refused(
      "conv2d",
      { stride: 1, pad: 0 },
      [
        [2, 2, 2, 3],
        [3, 3, 3, 8],
      ],
      "does not fit",
    ),
    refused(
      "conv2d",
      { stride: 1, pad: 0 },
      [
        [8, 8, 3],
        [3, 3, 3, 8],
      ],
      "[B,H,W,C]",
    ),
    refused("batchNormTrain", { epsilon: 1e-5 }, [[2, 4, 4, 8], [8], [7]], "must be [8], not [7]"),
    refused(
      "matMul",
      { transposeA: false, transposeB: true },
      [
        [2, 3],
        [3, 4],
      ],
      "inner extents 3 and 4",
    ),
    refused(
      "batchMatMul",
      { transposeA: false, transposeB: false },
      [
        [2, 2, 3],
        [3, 3, 4],
      ],
      "leading axes",
    ),
    refused(
      "add",
      {},
      [
        [2, 3],
        [3, 2],
      ],
      "one shape",
    ),
    refused(
      "addToBatch",
      {},
      [
        [4, 2, 3],
        [4, 2, 3],
      ],
      "one shape",
    ),
    refused("reshape", { shape: [7] }, [[2, 3]], "another number of elements"),
    refused("transpose", { permutation: [0, 0] }, [[2, 3]], "bad permutation"),
    refused("slice", { begin: [1, 0], size: [2, 3] }, [[2, 3]], "leaves the input"),
    refused(
      "concat",
      { axis: 1 },
      [
        [2, 3],
        [3, 3],
      ],
      "one shape",
    ),
    refused(
      "softmaxCrossEntropy",
      {},
      [
        [4, 10],
        [4, 9],
      ],
      "one shape",
    ),
    refused("clipFactor", { maximum: 1 }, [[1]], "must be a scalar"),
  ])("%s: %s", (op, message, infer) => {
    expect(infer).toThrow(TypeError);
    expect(infer).toThrow(message);
    expect(infer).toThrow(new RegExp(`^${op}: .*inputs \\[`));
  });
});

describe("inferShapes gives", () => {
  it("PyTorch's extents for strided and padded windows, odd ones too", () => {
    const extent = (size: number, stride: number, pad: number, window: number) =>
      inferShapes("conv2d", { stride, pad }, [
        [1, size, size, 1],
        [window, window, 1, 1],
      ])[0]![1];
    expect(extent(224, 2, 3, 7)).toBe(112);
    expect(extent(33, 2, 1, 3)).toBe(17);
    expect(extent(32, 2, 0, 1)).toBe(16);
    expect(extent(1, 2, 1, 3)).toBe(1);
  });
});
