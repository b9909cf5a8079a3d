import type { Shape } from "../../graph/operation.js";
import { elementCount } from "../../graph/shape.js";
import { ProtobufWriter } from "./protobuf-writer.js";

/** TensorFlow's numbers of the element types that we use. */
export const tensorFlowTypes = { float32: 1, int32: 3, bfloat16: 14, resource: 20 } as const;

type TensorFlowType = keyof typeof tensorFlowTypes;

/** One attribute of a node, by its kind in AttrValue. */
export type Attribute =
  | { readonly type: TensorFlowType }
  | { readonly integer: number }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly integers: readonly number[] }
  | { readonly shape: Shape }
  | { readonly tensor: Float32Array | Int32Array; readonly tensorShape: Shape };

export type Attributes = Readonly<Record<string, Attribute>>;

/** `name` or `name:index`. */
export type Ref = string;

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly Ref[];
  readonly after: readonly Ref[];
  readonly attributes: Attributes;
}

/** Collects TensorFlow nodes and writes them as a GraphDef. Names are made unique; constants and padded tensors are shared. */
export class GraphDefBuilder {
  private readonly added: NodeDef[] = [];
  private readonly names = new Map<string, number>();
  private readonly shared = new Map<string, Ref>();

  /** Adds a node; `after` lists nodes that must have run before it. Returns its first result, whose name is also the node's. */
  add(op: string, inputs: readonly Ref[], attributes: Attributes, options: NodeOptions = {}): Ref {
    const name = this.unique(options.name ?? op);
    this.added.push({ name, op, inputs, after: options.after ?? [], attributes });
    return name;
  }

  /** The node made by an earlier call with this key, or a new one. */
  sharedNode(key: string, make: () => Ref): Ref {
    const known = this.shared.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.shared.set(key, made);
    return made;
  }

  float(value: number): Ref {
    return this.sharedNode(`float ${value}`, () => this.floats(Float32Array.of(value), []));
  }

  floats(data: Float32Array, shape: Shape): Ref {
    if (data.length !== elementCount(shape)) throw new TypeError("constant: data and shape differ");
    return this.add("Const", [], { dtype: { type: "float32" }, value: { tensor: data, tensorShape: shape } });
  }

  /** A vector of int32, as shapes, axes and permutations are given. */
  integers(values: readonly number[], shape: Shape = [values.length]): Ref {
    return this.sharedNode(`integers ${shape.join()} ${values.join()}`, () =>
      this.add("Const", [], {
        dtype: { type: "int32" },
        value: { tensor: Int32Array.from(values), tensorShape: shape },
      }),
    );
  }

  /** All nodes so far, each after its inputs. */
  get nodes(): readonly NodeDef[] {
    return this.added;
  }

  encode(): Uint8Array {
    return graphDefMessage(this.added).finish();
  }

  private unique(name: string): string {
    const count = this.names.get(name) ?? 0;
    this.names.set(name, count + 1);
    return count === 0 ? name : this.unique(`${name}_${count}`);
  }
}

export interface NodeOptions {
  readonly name?: string;
  readonly after?: readonly Ref[];
}

/** GraphDef. */
export function graphDefMessage(nodes: readonly NodeDef[]): ProtobufWriter {
  const graph = new ProtobufWriter();
  for (const node of nodes) graph.message(1, encodeNode(node));
  // VersionDef: producer and min_consumer, accepted by every release from 2.9 to 2.21.
  return graph.message(4, new ProtobufWriter().integer(1, 2000).integer(2, 12));
}

function encodeNode({ name, op, inputs, after, attributes }: NodeDef): ProtobufWriter {
  const node = new ProtobufWriter().text(1, name).text(2, op);
  for (const input of inputs) node.text(3, input);
  for (const ref of after) node.text(3, `^${ref}`);
  for (const [key, attribute] of Object.entries(attributes)) {
    node.message(5, new ProtobufWriter().text(1, key).message(2, encodeAttribute(attribute)));
  }
  return node;
}

function encodeAttribute(attribute: Attribute): ProtobufWriter {
  const value = new ProtobufWriter();
  if ("type" in attribute) return value.integer(6, tensorFlowTypes[attribute.type]);
  if ("integer" in attribute) return value.integer(3, attribute.integer);
  if ("float" in attribute) return value.float(4, attribute.float);
  if ("bool" in attribute) return value.integer(5, attribute.bool ? 1 : 0);
  if ("text" in attribute) return value.text(2, attribute.text);
  if ("shape" in attribute) return value.message(7, encodeShape(attribute.shape));
  if ("integers" in attribute) {
    const list = new ProtobufWriter();
    if (attribute.integers.length > 0) list.packedIntegers(3, attribute.integers);
    return value.message(1, list);
  }
  const { tensor, tensorShape } = attribute;
  const type = tensor instanceof Float32Array ? tensorFlowTypes.float32 : tensorFlowTypes.int32;
  const content = new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength);
  return value.message(8, new ProtobufWriter().integer(1, type).message(2, encodeShape(tensorShape)).bytes(4, content));
}

/** TensorShapeProto; −1 for an extent that is open. */
export function encodeShape(shape: Shape): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const extent of shape) message.message(2, new ProtobufWriter().integer(1, extent));
  return message;
}

export interface SessionConfig {
  /** Of one operation, and between operations. */
  readonly threads: number;
  /** Let XLA compile what it can: minutes at first, fewer passes over memory after. */
  readonly xla: boolean;
}

/** ConfigProto: threads, soft placement, GPU memory taken as it is needed, XLA. */
export function encodeSessionConfig({ threads, xla }: SessionConfig): Uint8Array {
  const config = new ProtobufWriter().integer(2, threads).integer(5, threads).integer(7, 1);
  config.message(6, new ProtobufWriter().integer(4, 1));
  if (xla) config.message(10, new ProtobufWriter().message(3, new ProtobufWriter().integer(5, 1)));
  return config.finish();
}
