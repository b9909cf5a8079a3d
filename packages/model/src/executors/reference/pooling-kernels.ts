import type { Shape } from "../../graph/operation.js";
import { elementCount } from "../../graph/shape.js";
import type { Kernel, Tensor } from "./tensor.js";

interface Window {
  readonly size: number;
  readonly stride: number;
  readonly pad: number;
}

/** For each result of a max-pool: the largest value of its window (zero padding counts) and where it is, −1 in the padding. */
function maxima(x: Tensor, yShape: Shape, window: Window, visit: (y: number, value: number, at: number) => void): void {
  const { size, stride, pad } = window;
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [, yHeight, yWidth] = yShape as [number, number, number];
  let y = 0;
  for (let b = 0; b < batch; b++) {
    for (let yRow = 0; yRow < yHeight; yRow++) {
      for (let yColumn = 0; yColumn < yWidth; yColumn++) {
        for (let c = 0; c < channels; c++) {
          let largest = -Infinity;
          let at = -1;
          for (let i = 0; i < size * size; i++) {
            const row = yRow * stride + Math.floor(i / size) - pad;
            const column = yColumn * stride + (i % size) - pad;
            const inside = row >= 0 && row < height && column >= 0 && column < width;
            const index = inside ? ((b * height + row) * width + column) * channels + c : -1;
            const value = inside ? x.data[index]! : 0;
            if (value > largest || Number.isNaN(value)) [largest, at] = [value, index];
          }
          visit(y++, largest, at);
        }
      }
    }
  }
}

export const maxPool: Kernel<"maxPool"> = (window, [x], [shape]) => {
  const y = new Float64Array(elementCount(shape!));
  maxima(x!, shape!, window, (index, value) => {
    y[index] = value;
  });
  return [y];
};

export const maxPoolGrad: Kernel<"maxPoolGrad"> = (window, [x, y, dy]) => {
  const dx = new Float64Array(x!.data.length);
  maxima(x!, y!.shape, window, (index, _, at) => {
    if (at >= 0) dx[at]! += dy!.data[index]!;
  });
  return [dx];
};

export const globalAveragePool: Kernel<"globalAveragePool"> = (_, [x]) => {
  const [batch, height, width, channels] = x!.shape as [number, number, number, number];
  const y = new Float64Array(batch * channels);
  x!.data.forEach((value, i) => {
    const image = Math.floor(i / (height * width * channels));
    y[image * channels + (i % channels)]! += value / (height * width);
  });
  return [y];
};

export const globalAveragePoolGrad: Kernel<"globalAveragePoolGrad"> = ({ inputShape }, [dy]) => {
  const [, height, width, channels] = inputShape as [number, number, number, number];
  const dx = new Float64Array(elementCount(inputShape));
  return [
    dx.map(
      (_, i) => dy!.data[Math.floor(i / (height * width * channels)) * channels + (i % channels)]! / (height * width),
    ),
  ];
};
