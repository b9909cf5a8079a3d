import type { Shape } from "../../graph/operation.js";
import { elementCount } from "../../graph/shape.js";
import type { Kernel } from "./tensor.js";

type Visit = (x: number, filter: number, y: number) => void;

/** Visits every multiply-add of a convolution with the flat indices of its three elements. */
function forEachProduct(x: Shape, filter: Shape, y: Shape, stride: number, pad: number, visit: Visit): void {
  const [batch, height, width, inChannels] = x as [number, number, number, number];
  const [filterHeight, filterWidth, , outChannels] = filter as [number, number, number, number];
  const [, yHeight, yWidth] = y as [number, number, number];
  for (let b = 0; b < batch; b++) {
    for (let yRow = 0; yRow < yHeight; yRow++) {
      for (let yColumn = 0; yColumn < yWidth; yColumn++) {
        const yBase = ((b * yHeight + yRow) * yWidth + yColumn) * outChannels;
        for (let i = 0; i < filterHeight; i++) {
          const row = yRow * stride + i - pad;
          if (row < 0 || row >= height) continue;
          for (let j = 0; j < filterWidth; j++) {
            const column = yColumn * stride + j - pad;
            if (column < 0 || column >= width) continue;
            const xBase = ((b * height + row) * width + column) * inChannels;
            const filterBase = (i * filterWidth + j) * inChannels;
            for (let c = 0; c < inChannels; c++) {
              const filterRow = (filterBase + c) * outChannels;
              for (let o = 0; o < outChannels; o++) visit(xBase + c, filterRow + o, yBase + o);
            }
          }
        }
      }
    }
  }
}

export const conv2d: Kernel<"conv2d"> = ({ stride, pad }, [x, filter], [shape]) => {
  const y = new Float64Array(elementCount(shape!));
  forEachProduct(x!.shape, filter!.shape, shape!, stride, pad, (xi, fi, yi) => {
    y[yi]! += x!.data[xi]! * filter!.data[fi]!;
  });
  return [y];
};

export const conv2dGradInput: Kernel<"conv2dGradInput"> = ({ stride, pad, inputShape }, [dy, filter]) => {
  const dx = new Float64Array(elementCount(inputShape));
  forEachProduct(inputShape, filter!.shape, dy!.shape, stride, pad, (xi, fi, yi) => {
    dx[xi]! += dy!.data[yi]! * filter!.data[fi]!;
  });
  return [dx];
};

export const conv2dGradFilter: Kernel<"conv2dGradFilter"> = ({ stride, pad, filterShape }, [x, dy]) => {
  const dfilter = new Float64Array(elementCount(filterShape));
  forEachProduct(x!.shape, filterShape, dy!.shape, stride, pad, (xi, fi, yi) => {
    dfilter[fi]! += x!.data[xi]! * dy!.data[yi]!;
  });
  return [dfilter];
};
