import type { Shape } from "../../../graph/operation.js";
import type { Machine } from "../machine.js";
import type { Step } from "./lowering.js";

/** Bytes of an image batch with `pad` zeros around. */
export function paddedBytes(shape: Shape, pad: number): number {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  return 4 * batch * (height + 2 * pad) * (width + 2 * pad) * channels;
}

/** Copies an image batch into one with `pad` zeros around. */
export function padImage(machine: Machine, shape: Shape, pad: number, source: number, target: number): Step[] {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const row = 4 * width * channels;
  const paddedRow = 4 * (width + 2 * pad) * channels;
  const first = target + pad * paddedRow + 4 * pad * channels;
  const inner = [height, 1];
  const strides = [height * row, row, 0, (height + 2 * pad) * paddedRow, paddedRow, 0];
  return [
    () => machine.heap.zero(target, paddedBytes(shape, pad) / 4),
    {
      kernel: "stridedCopy",
      parameters: [source, first, row, ...inner, ...strides],
      units: batch,
      work: batch * height * width * channels,
    },
  ];
}
