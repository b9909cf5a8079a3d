import type { Session } from "../executors/executor.js";
import type { VariableSpec } from "../graph/graph.js";
import { elementCount } from "../graph/shape.js";

/** TensorFlow plans every transfer for some 20 ms, and a ResNet-101 has 600 variables; all at once would need the memory twice. */
const GROUP_BYTES = 64 * 2 ** 20;

type Named = Pick<VariableSpec, "name" | "shape">;

/** Consecutive variables that together stay below 64 MiB, or one larger variable. */
export function inGroups<Variable extends Named>(variables: readonly Variable[]): Variable[][] {
  const groups: Variable[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const variable of variables) {
    const size = 4 * elementCount(variable.shape);
    if (bytes + size > GROUP_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(variable);
    bytes += size;
  }
  return groups;
}

/** Reads variables of a session one by one, in whatever order, but from the session a group at a time. */
export class GroupedReading {
  private readonly groupOf = new Map<string, readonly string[]>();
  private readonly waiting = new Map<string, Float32Array>();

  constructor(
    private readonly session: Session,
    variables: readonly Named[],
  ) {
    for (const group of inGroups(variables)) {
      const names = group.map(({ name }) => name);
      for (const name of names) this.groupOf.set(name, names);
    }
  }

  /** To be asked for once a variable: what was given is forgotten. */
  async take(name: string): Promise<Float32Array> {
    if (!this.waiting.has(name)) {
      for (const [read, values] of await this.session.read(this.groupOf.get(name)!)) this.waiting.set(read, values);
    }
    const values = this.waiting.get(name)!;
    this.waiting.delete(name);
    return values;
  }
}
