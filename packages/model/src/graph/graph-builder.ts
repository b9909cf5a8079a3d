import type { Graph, GraphNode, Value, VariableSpec } from "./graph.js";
import type { OperationAttributes, OperationName, Shape } from "./operation.js";
import { elementCount, formatShape, sameShape } from "./shape.js";
import { type InferredOperation, inferShapes } from "./shape-inference.js";

type NormResult = { readonly y: Value; readonly mean: Value; readonly variance: Value };

/** A part of the network that takes one value and gives one: the nodes from `begin` up to, but not including, `end`. */
export interface Block {
  readonly input: Value;
  readonly output: Value;
  readonly begin: number;
  readonly end: number;
}

type Window = { readonly stride: number; readonly pad: number };
type Transposition = { readonly transposeA?: boolean; readonly transposeB?: boolean };

/**
 * Records a static graph: one method for each forward operation, `append` for any other. Shapes are checked as nodes are made;
 * errors name the operation and the shapes.
 */
export class GraphBuilder {
  private readonly recorded: GraphNode[] = [];
  private readonly updates: GraphNode[] = [];
  private readonly declared = new Map<string, { spec: VariableSpec; value: Value | undefined }>();
  private readonly placeholders = new Map<string, Value>();
  private readonly recordedBlocks: Block[] = [];
  private valueCount = 0;

  /** @param slotOf where given, every variable asked for is replaced by its slot of this name */
  constructor(private readonly slotOf?: (name: string) => string) {}

  /** The nodes so far, each after its inputs; updates excluded. */
  get nodes(): readonly GraphNode[] {
    return this.recorded;
  }

  /** In the order of their nodes; none lies in another. */
  get blocks(): readonly Block[] {
    return this.recordedBlocks;
  }

  /** The finished program: forward and gradient nodes in order, then the updates. */
  build(): Graph {
    return {
      nodes: [...this.recorded, ...this.updates],
      variables: [...this.declared.values()].map(({ spec }) => spec),
    };
  }

  /** Adds a node of any operation whose result shapes follow from its inputs. Nodes without results are updates: they run last. */
  append<Name extends InferredOperation>(
    op: Name,
    attributes: OperationAttributes[Name],
    inputs: readonly Value[],
  ): readonly Value[] {
    const shapes = inferShapes(
      op,
      attributes,
      inputs.map((input) => input.shape),
    );
    return this.record(op, attributes, inputs, shapes);
  }

  placeholder(name: string, shape: Shape): Value {
    if (this.placeholders.has(name)) throw new TypeError(`placeholder ${name} exists already`);
    const value = this.record("placeholder", { name }, [], [shape])[0]!;
    this.placeholders.set(name, value);
    return value;
  }

  /** The content of a variable. Asked twice for one name, it gives the same value. */
  variable(wanted: VariableSpec): Value {
    const { slotOf } = this;
    const spec: VariableSpec = slotOf
      ? { ...wanted, name: slotOf(wanted.name), kind: "slot", trainable: false }
      : wanted;
    this.declare(spec);
    const entry = this.declared.get(spec.name)!;
    entry.value ??= this.record("variable", { name: spec.name }, [], [spec.shape])[0]!;
    return entry.value;
  }

  /** Makes a variable part of the graph without reading it: an optimizer slot. */
  declare(spec: VariableSpec): void {
    const known = this.declared.get(spec.name)?.spec;
    if (known === undefined) {
      this.declared.set(spec.name, { spec, value: undefined });
    } else if (!sameShape(known.shape, spec.shape)) {
      throw new TypeError(
        `variable ${spec.name}: declared with ${formatShape(known.shape)} and with ${formatShape(spec.shape)}`,
      );
    }
  }

  constant(data: Float32Array, shape: Shape): Value {
    if (data.length !== elementCount(shape)) {
      throw new TypeError(`constant: ${data.length} elements for shape ${formatShape(shape)}`);
    }
    return this.record("constant", { data }, [], [shape])[0]!;
  }

  /**
   * Marks what `trace` appends as a block, whose inner values the backward pass may compute again instead of keeping them. Of what it
   * computes only the result may be used outside.
   */
  block(input: Value, trace: (input: Value) => Value): Value {
    const begin = this.recorded.length;
    const output = trace(input);
    this.recordedBlocks.push({ input, output, begin, end: this.recorded.length });
    return output;
  }

  scalar(value: number): Value {
    return this.constant(Float32Array.of(value), []);
  }

  conv2d(x: Value, filter: Value, window: Window): Value {
    return this.one("conv2d", window, x, filter);
  }

  /** Normalises with the batch's own statistics; `variance` is the unbiased one, for the running average. */
  batchNormTrain(x: Value, gamma: Value, beta: Value, epsilon: number): NormResult {
    const [y, mean, variance] = this.append("batchNormTrain", { epsilon }, [x, gamma, beta]);
    return { y: y!, mean: mean!, variance: variance! };
  }

  batchNormInference(x: Value, gamma: Value, beta: Value, mean: Value, variance: Value, epsilon: number): Value {
    return this.one("batchNormInference", { epsilon }, x, gamma, beta, mean, variance);
  }

  layerNorm(x: Value, gamma: Value, beta: Value, epsilon: number): Value {
    return this.one("layerNorm", { epsilon }, x, gamma, beta);
  }

  relu(x: Value): Value {
    return this.one("relu", {}, x);
  }

  gelu(x: Value): Value {
    return this.one("gelu", {}, x);
  }

  softmax(x: Value): Value {
    return this.one("softmax", {}, x);
  }

  maxPool(x: Value, window: Window & { readonly size: number }): Value {
    return this.one("maxPool", window, x);
  }

  globalAveragePool(x: Value): Value {
    return this.one("globalAveragePool", {}, x);
  }

  matMul(a: Value, b: Value, { transposeA = false, transposeB = false }: Transposition = {}): Value {
    return this.one("matMul", { transposeA, transposeB }, a, b);
  }

  batchMatMul(a: Value, b: Value, { transposeA = false, transposeB = false }: Transposition = {}): Value {
    return this.one("batchMatMul", { transposeA, transposeB }, a, b);
  }

  add(a: Value, b: Value): Value {
    return this.one("add", {}, a, b);
  }

  /** The sum of one or more values: the value itself, an `add` or an `addN`. */
  sum(terms: readonly Value[]): Value {
    const [first, second] = terms;
    if (first === undefined) throw new TypeError("sum: at least one term is needed");
    if (second === undefined) return first;
    return terms.length === 2 ? this.add(first, second) : this.one("addN", {}, ...terms);
  }

  biasAdd(x: Value, bias: Value): Value {
    return this.one("biasAdd", {}, x, bias);
  }

  addToBatch(x: Value, p: Value): Value {
    return this.one("addToBatch", {}, x, p);
  }

  tileBatch(x: Value, batch: number): Value {
    return this.one("tileBatch", { batch }, x);
  }

  scale(x: Value, factor: number): Value {
    return this.one("scale", { factor }, x);
  }

  reshape(x: Value, shape: Shape): Value {
    return sameShape(x.shape, shape) ? x : this.one("reshape", { shape }, x);
  }

  transpose(x: Value, permutation: Shape): Value {
    return this.one("transpose", { permutation }, x);
  }

  slice(x: Value, begin: Shape, size: Shape): Value {
    return this.one("slice", { begin, size }, x);
  }

  concat(parts: readonly Value[], axis: number): Value {
    return this.one("concat", { axis }, ...parts);
  }

  /** Cross-entropy of each row: logits[B,C], targets[B,C] -> [B]. */
  softmaxCrossEntropy(logits: Value, targets: Value): Value {
    return this.append("softmaxCrossEntropy", {}, [logits, targets])[0]!;
  }

  mean(x: Value): Value {
    return this.one("mean", {}, x);
  }

  private one<Name extends InferredOperation>(
    op: Name,
    attributes: OperationAttributes[Name],
    ...inputs: Value[]
  ): Value {
    return this.append(op, attributes, inputs)[0]!;
  }

  private record<Name extends OperationName>(
    op: Name,
    attributes: OperationAttributes[Name],
    inputs: readonly Value[],
    shapes: readonly Shape[],
  ): readonly Value[] {
    const outputs: Value[] = [];
    const id = this.recorded.length + this.updates.length;
    const node = { id, op, attributes, inputs, outputs } as unknown as GraphNode;
    shapes.forEach((shape, output) => {
      outputs.push({ id: this.valueCount++, shape, dtype: "float32", node, output });
    });
    (shapes.length > 0 ? this.recorded : this.updates).push(node);
    return outputs;
  }
}
