import type { Shape } from "../../graph/operation.js";
import type { Attributes, GraphDefBuilder, Ref } from "./graph-def.js";
import { broadcast, float, floatWith, type Lowering, padded, reduced, reshaped, scaled, sliced } from "./lowering.js";

interface Window {
  readonly stride: number;
  readonly pad: number;
}

const spatial = (extent: number) => ({ integers: [1, extent, extent, 1] });

/**
 * Padded convolutions of stride 1 use SAME, all others a Pad before VALID: oneDNN is a quarter slower with explicit paddings. The
 * padded image is shared with the filter's gradient.
 */
function placement({ stride, pad }: Window, filter: Shape): { attributes: Attributes; explicit: number } {
  const isSame = pad > 0 && stride === 1 && filter[0] === 2 * pad + 1 && filter[1] === 2 * pad + 1;
  return {
    attributes: {
      ...float,
      strides: spatial(stride),
      padding: { text: isSame ? "SAME" : "VALID" },
      explicit_paddings: { integers: [] },
      data_format: { text: "NHWC" },
      dilations: { integers: [1, 1, 1, 1] },
      use_cudnn_on_gpu: { bool: true },
    },
    explicit: isSame ? 0 : pad,
  };
}

function padSpatially(definition: GraphDefBuilder, x: Ref, pad: number): Ref {
  if (pad === 0) return x;
  const around = [pad, pad] as const;
  const none = [0, 0] as const;
  return definition.sharedNode(`pad ${pad} ${x}`, () => padded(definition, x, [none, around, around, none]));
}

function paddedShape(shape: Shape, pad: number): Shape {
  return [shape[0]!, shape[1]! + 2 * pad, shape[2]! + 2 * pad, shape[3]!];
}

function unpad(definition: GraphDefBuilder, dx: Ref, shape: Shape, pad: number): Ref {
  return pad === 0 ? dx : sliced(definition, dx, [0, pad, pad, 0], shape);
}

export const conv2d: Lowering<"conv2d"> = (definition, { attributes: window, inputs }, [x, filter]) => {
  const { attributes, explicit } = placement(window, inputs[1]!.shape);
  return [definition.add("Conv2D", [padSpatially(definition, x!, explicit), filter!], attributes)];
};

export const conv2dGradInput: Lowering<"conv2dGradInput"> = (definition, node, [dy, filter]) => {
  const { inputShape } = node.attributes;
  const { attributes, explicit } = placement(node.attributes, node.inputs[1]!.shape);
  const shape = definition.integers(paddedShape(inputShape, explicit));
  const dx = definition.add("Conv2DBackpropInput", [shape, filter!, dy!], attributes);
  return [unpad(definition, dx, inputShape, explicit)];
};

export const conv2dGradFilter: Lowering<"conv2dGradFilter"> = (definition, node, [x, dy]) => {
  const { filterShape, pad } = node.attributes;
  if (filterShape[0] === 1 && filterShape[1] === 1 && pad === 0)
    return pointwiseGradFilter(definition, node, [x!, dy!]);
  const { attributes, explicit } = placement(node.attributes, filterShape);
  const image = padSpatially(definition, x!, explicit);
  return [definition.add("Conv2DBackpropFilter", [image, definition.integers(filterShape), dy!], attributes)];
};

/**
 * A 1×1 filter's gradient is a product of two matrices, pixels by channels. Written as one because TensorFlow 2.21 with oneDNN
 * computes it wrongly for stride 2 and fewer than eight channels (seen on 8×8 images).
 */
const pointwiseGradFilter: Lowering<"conv2dGradFilter"> = (definition, { attributes, inputs }, [x, dy]) => {
  const { stride, filterShape } = attributes;
  const [, , inChannels, outChannels] = filterShape as [number, number, number, number];
  const pixels = inputs[1]!.shape.slice(0, 3).reduce((product, extent) => product * extent, 1);
  const used = stride === 1 ? x! : everyNth(definition, x!, inputs[0]!.shape, stride);
  const left = reshaped(definition, used, [pixels, inChannels]);
  const right = reshaped(definition, dy!, [pixels, outChannels]);
  const transposed = { ...float, transpose_a: { bool: true }, transpose_b: { bool: false } };
  return [reshaped(definition, definition.add("MatMul", [left, right], transposed), filterShape)];
};

/** The pixels that a 1×1 window of this stride sees. */
function everyNth(definition: GraphDefBuilder, x: Ref, shape: Shape, stride: number): Ref {
  const inputs = [[0, 0, 0, 0], shape, [1, stride, stride, 1]].map((vector) => definition.integers(vector));
  return definition.add("StridedSlice", [x, ...inputs], floatWith("Index"));
}

function poolAttributes({ size, stride }: { readonly size: number; readonly stride: number }): Attributes {
  return {
    ...float,
    ksize: spatial(size),
    strides: spatial(stride),
    padding: { text: "VALID" },
    data_format: { text: "NHWC" },
  };
}

export const maxPool: Lowering<"maxPool"> = (definition, { attributes }, [x]) => [
  definition.add("MaxPool", [padSpatially(definition, x!, attributes.pad)], poolAttributes(attributes)),
];

export const maxPoolGrad: Lowering<"maxPoolGrad"> = (definition, { attributes, inputs }, [x, y, dy]) => {
  const image = padSpatially(definition, x!, attributes.pad);
  const dx = definition.add("MaxPoolGrad", [image, y!, dy!], poolAttributes(attributes));
  return [unpad(definition, dx, inputs[0]!.shape, attributes.pad)];
};

export const globalAveragePool: Lowering<"globalAveragePool"> = (definition, _, [x]) => [
  reduced(definition, "Mean", x!, [1, 2], false),
];

export const globalAveragePoolGrad: Lowering<"globalAveragePoolGrad"> = (definition, { attributes }, [dy]) => {
  const [batch, height, width, channels] = attributes.inputShape as [number, number, number, number];
  const share = scaled(definition, dy!, 1 / (height * width));
  return [broadcast(definition, reshaped(definition, share, [batch, 1, 1, channels]), attributes.inputShape)];
};
