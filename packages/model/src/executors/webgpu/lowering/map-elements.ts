import type { Binding, Kernel } from "./lowering.js";
import { range, shader } from "./shader.js";

/** Elements of the arrays go by fours. */
const floatsPerInvocation = 4;

interface ElementMap {
  readonly bindings: Readonly<Record<string, Binding>>;
  /** Statements that change the `index`-th four elements of the array `over`, which decides how many there are. */
  readonly body: string;
  readonly over: string;
  readonly floats: number;
  readonly declarations?: string;
}

/** A kernel that treats every four elements on its own; the same code serves arrays of every length. */
export function mapElements({ bindings, body, over, floats, declarations }: ElementMap): Kernel {
  return shader({
    bindings,
    workgroups: Math.ceil(floats / floatsPerInvocation / 256),
    work: floats,
    declarations,
    body: `if (index >= arrayLength(&${over})) { return; }\n  ${body}`,
  });
}

/**
 * Four elements of an array of `period` floats that repeats along the elements of another, at its `index`. Lets whole fours be read
 * where the period allows it: then the array must be bound as `vec4f`, see `periodicElement`.
 */
export function periodic(name: string, period: number): string {
  if (period % 4 === 0) return `${name}[index % ${period / 4}u]`;
  return `vec4f(${range(4)
    .map((lane) => `${name}[(4u * index + ${lane}u) % ${period}u]`)
    .join()})`;
}

export const periodicElement = (period: number): "f32" | "vec4f" => (period % 4 === 0 ? "vec4f" : "f32");
