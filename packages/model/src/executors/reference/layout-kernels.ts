import { elementCount } from "../../graph/shape.js";
import { flatIndex, forEachIndex, type Kernel, stridesOf } from "./tensor.js";

export const reshape: Kernel<"reshape"> = (_, [x]) => [x!.data];

export const barrier: Kernel<"barrier"> = (_, [x]) => [x!.data];

export const transpose: Kernel<"transpose"> = ({ permutation }, [x], [shape]) => {
  const strides = stridesOf(x!.shape);
  const permuted = permutation.map((axis) => strides[axis]!);
  const y = new Float64Array(x!.data.length);
  forEachIndex(shape!, (flat, index) => {
    y[flat] = x!.data[flatIndex(permuted, index)]!;
  });
  return [y];
};

export const slice: Kernel<"slice"> = ({ begin, size }, [x]) => {
  const strides = stridesOf(x!.shape);
  const start = flatIndex(strides, begin);
  const y = new Float64Array(elementCount(size));
  forEachIndex(size, (flat, index) => {
    y[flat] = x!.data[start + flatIndex(strides, index)]!;
  });
  return [y];
};

export const pad: Kernel<"pad"> = ({ paddings }, [x], [shape]) => {
  const strides = stridesOf(shape!);
  const start = paddings.reduce((flat, [before], axis) => flat + before * strides[axis]!, 0);
  const y = new Float64Array(elementCount(shape!));
  forEachIndex(x!.shape, (flat, index) => {
    y[start + flatIndex(strides, index)] = x!.data[flat]!;
  });
  return [y];
};

export const concat: Kernel<"concat"> = ({ axis }, parts, [shape]) => {
  const strides = stridesOf(shape!);
  const y = new Float64Array(elementCount(shape!));
  let start = 0;
  for (const part of parts) {
    forEachIndex(part.shape, (flat, index) => {
      y[start + flatIndex(strides, index)] = part.data[flat]!;
    });
    start += part.shape[axis]! * strides[axis]!;
  }
  return [y];
};
