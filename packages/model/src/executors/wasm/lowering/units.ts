import type { Value } from "../../../graph/graph.js";
import { elementCount } from "../../../graph/shape.js";
import { floatsPerUnit } from "../kernels/elementwise.js";
import { channelsPerUnit } from "../kernels/lanes.js";

/** Units of an element-wise kernel. */
export const elementUnits = (value: Value): number => Math.ceil(elementCount(value.shape) / floatsPerUnit);

/** Units of a channel-wise kernel. */
export const channelUnits = (channels: number): number => Math.ceil(channels / channelsPerUnit);

/** [rows, width]: all axes but the last, and the last. */
export function rowsAndWidth(value: Value): readonly [number, number] {
  const width = value.shape.at(-1)!;
  return [elementCount(value.shape) / width, width];
}
