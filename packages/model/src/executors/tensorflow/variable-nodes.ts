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
  private readonly updates = new Map<string, Ref>();
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
    this.accesses.set(name, {
      shape,
      get: definition.add("ReadVariableOp", [handle], floatVariable, { name: `get/${name}` }),
      set,
      assign: definition.add("AssignVariableOp", [handle, set], floatVariable),
      clear: definition.add("AssignVariableOp", [handle, this.zeros(shape)], floatVariable),
    });
  }

  /** From now on reads belong to another graph: each graph reads a variable once, before it changes it. */
  beginGraph(): void {
    this.graphIndex++;
    this.updates.clear();
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

  /** Fills with zeros after `read`. */
  clear(name: string, read: Ref): Ref {
    const inputs = [this.handle(name), this.zeros(this.accesses.get(name)!.shape)];
    return this.definition.add("AssignVariableOp", inputs, floatVariable, { after: [read] });
  }

  /** Records that `update` changes a variable in this graph, and returns it. */
  updatedBy(name: string, update: Ref): Ref {
    this.updates.set(name, update);
    return update;
  }

  /** The content after the updates of this graph so far. */
  readUpdated(name: string): Ref {
    const update = this.updates.get(name);
    if (update === undefined) return this.read(name);
    return this.definition.add("ReadVariableOp", [this.handle(name)], floatVariable, { after: [update] });
  }

  get all(): ReadonlyMap<string, VariableAccess> {
    return this.accesses;
  }

  private zeros(shape: readonly number[]): Ref {
    return this.definition.add("Fill", [this.definition.integers(shape), this.definition.float(0)], {
      T: { type: "float32" },
      index_type: { type: "int32" },
    });
  }
}
