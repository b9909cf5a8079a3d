import type { VariableSpec } from "../../graph/graph.js";
import type { GraphDefBuilder, Ref } from "./graph-def.js";

/** The nodes through which a variable is reached from outside. */
export interface VariableAccess {
  readonly shape: readonly number[];
  /** Fetch: the content. */
  readonly get: Ref;
  /** Feed: the new content. Run `assign` with it. */
  readonly set: Ref;
  readonly assign: Ref;
  /** Run: fills with zeros. */
  readonly clear: Ref;
}

const floatVariable = { dtype: { type: "float32" } } as const;

/** One resource handle for each variable name, shared by all graphs of a session. */
export class VariableNodes {
  private readonly handles = new Map<string, Ref>();
  private readonly accesses = new Map<string, VariableAccess>();
  private graphIndex = 0;

  constructor(private readonly definition: GraphDefBuilder) {}

  declare({ name, shape }: VariableSpec): void {
    if (this.handles.has(name)) return;
    const { definition } = this;
    const handle = definition.add(
      "VarHandleOp",
      [],
      { ...floatVariable, shape: { shape }, shared_name: { text: name }, container: { text: "" } },
      { name: `variable/${name}` },
    );
    this.handles.set(name, handle);
    const set = definition.add("Placeholder", [], { ...floatVariable, shape: { shape } }, { name: `set/${name}` });
    const zeros = definition.add("Fill", [definition.integers(shape), definition.float(0)], {
      T: { type: "float32" },
      index_type: { type: "int32" },
    });
    this.accesses.set(name, {
      shape,
      get: definition.add("ReadVariableOp", [handle], floatVariable, { name: `get/${name}` }),
      set,
      assign: definition.add("AssignVariableOp", [handle, set], floatVariable),
      clear: definition.add("AssignVariableOp", [handle, zeros], floatVariable),
    });
  }

  /** From now on reads belong to another graph: each graph reads a variable once, before it changes it. */
  beginGraph(): void {
    this.graphIndex++;
  }

  handle(name: string): Ref {
    const handle = this.handles.get(name);
    if (handle === undefined) throw new TypeError(`the graph uses variable ${name} without declaring it`);
    return handle;
  }

  read(name: string): Ref {
    return this.definition.sharedNode(`read ${this.graphIndex} ${name}`, () =>
      this.definition.add("ReadVariableOp", [this.handle(name)], floatVariable),
    );
  }

  get all(): ReadonlyMap<string, VariableAccess> {
    return this.accesses;
  }
}
