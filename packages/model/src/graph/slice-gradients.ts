import type { Value } from "./graph.js";
import type { GraphBuilder } from "./graph-builder.js";
import type { Shape } from "./operation.js";

/** A term of a value's gradient: of the whole value, or of the part that begins at `begin`. */
export interface Contribution {
  readonly gradient: Value;
  readonly begin?: Shape;
}

/**
 * The gradient of a value of `shape` from its contributions. Parts that tile it along one axis (the q, k, v of attention) are
 * concatenated; other parts are padded with zeros and summed.
 */
export function joinContributions(graph: GraphBuilder, shape: Shape, contributions: readonly Contribution[]): Value {
  const parts = contributions.filter((part) => part.begin !== undefined);
  const whole = contributions.filter((part) => part.begin === undefined).map((part) => part.gradient);
  if (parts.length === 0) return graph.sum(whole);
  const tiled = tilingOrder(shape, parts);
  if (tiled !== undefined) return graph.sum([...whole, graph.concat(tiled.gradients, tiled.axis)]);
  return graph.sum([...whole, ...parts.map((part) => padTo(graph, shape, part))]);
}

function tilingOrder(shape: Shape, parts: readonly Contribution[]): { gradients: Value[]; axis: number } | undefined {
  const partial = (part: Contribution) =>
    shape.flatMap((extent, axis) => (part.gradient.shape[axis] === extent ? [] : [axis]));
  const axis = partial(parts[0]!)[0];
  if (axis === undefined || parts.some((part) => partial(part).join() !== String(axis))) return undefined;
  const ordered = [...parts].sort((a, b) => a.begin![axis]! - b.begin![axis]!);
  let end = 0;
  for (const part of ordered) {
    if (part.begin![axis] !== end) return undefined;
    end += part.gradient.shape[axis]!;
  }
  return end === shape[axis] ? { gradients: ordered.map((part) => part.gradient), axis } : undefined;
}

function padTo(graph: GraphBuilder, shape: Shape, { gradient, begin }: Contribution): Value {
  const paddings = shape.map((extent, axis) => {
    const before = begin![axis]!;
    return [before, extent - before - gradient.shape[axis]!] as const;
  });
  return graph.append("pad", { paddings }, [gradient])[0]!;
}
