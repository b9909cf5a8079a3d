import type { Value } from "../../../graph/graph.js";
import { elementCount } from "../../../graph/shape.js";
import { floatsPerUnit } from "../kernels/elementwise.js";
import { channelsPerUnit } from "../kernels/lanes.js";

/** Units and work of an element-wise kernel; `cost` counts its operations on one element where they are many. */
export function elementUnits(value: Pick<Value, "shape">, cost = 1): { readonly units: number; readonly work: number } {
  const elements = elementCount(value.shape);
  return { units: Math.ceil(elements / floatsPerUnit), work: elements * cost };
}

/** Units of a channel-wise kernel. */
export const channelUnits = (channels: number): number => Math.ceil(channels / channelsPerUnit);

/** Units and work of a channel-wise kernel over [rows, channels], `cost` operations on each element. */
export function channelRange(rows: number, channels: number, cost: number) {
  return { units: channelUnits(channels), work: rows * channels * cost };
}

/** [rows, width]: all axes but the last, and the last. */
export function rowsAndWidth(value: Value): readonly [number, number] {
  const width = value.shape.at(-1)!;
  return [elementCount(value.shape) / width, width];
}
