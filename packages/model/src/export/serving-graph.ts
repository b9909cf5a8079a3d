import { GraphDefBuilder, type NodeDef, type Ref } from "../executors/tensorflow/graph-def.js";
import { float, floatWith, type Lowering } from "../executors/tensorflow/lowering.js";
import { lowerings } from "../executors/tensorflow/program.js";
import { buildEvaluationGraph } from "../graph/evaluation-graph.js";
import type { GraphNode, Value } from "../graph/graph.js";
import type { OperationName, Shape } from "../graph/operation.js";
import { nodesNeeded } from "../graph/prune.js";
import type { TrainedModel } from "./trained-model.js";

/** The network as TensorFlow's nodes for any number of images, its weights as constants. */
export interface ServingGraph {
  readonly nodes: readonly NodeDef[];
  /** float32 [any, S, S, 3]: red, green and blue from 0 to 255; the graph normalises them itself. */
  readonly input: Ref;
  /** float32 [any, C]. */
  readonly outputs: { readonly logits: Ref; readonly probabilities: Ref };
  readonly imageSize: number;
  readonly classes: number;
}

/**
 * Our graphs have a fixed number of images. They are built here for this one, a prime that divides no extent of a network, and every
 * extent that it divides is left open.
 */
const standIn = 10_007;

/** Lowers a model to a graph that TensorFlow, TensorFlow Serving and TensorFlow.js can run. */
export function servingGraph(model: TrainedModel): ServingGraph {
  const { architecture, imageSize, classNames, values, preprocessing } = model;
  const classes = classNames.length;
  const { graph, logits } = buildEvaluationGraph({ architecture, imageSize, classes, batchSize: standIn });
  const definition = new GraphDefBuilder();
  const shape = [standIn, imageSize, imageSize, 3];
  const input = definition.add("Placeholder", [], { dtype: { type: "float32" }, shape: { shape } }, { name: "images" });
  const refs = new Map<Value, Ref>();
  for (const node of nodesNeeded(graph, { values: [logits], applyUpdates: false })) {
    const inputs = node.inputs.map((value) => refs.get(value)!);
    const results = lower(node, inputs);
    node.outputs.forEach((output, index) => {
      refs.set(output, results[index]!);
    });
  }
  const named = (name: string, value: Ref) => definition.add("Identity", [value], float, { name });
  const result = named("logits", refs.get(logits)!);
  const probabilities = named("probabilities", definition.add("Softmax", [result], float));
  return {
    nodes: definition.nodes.map(withOpenBatch),
    input,
    outputs: { logits: result, probabilities },
    imageSize,
    classes,
  };

  function lower(node: GraphNode, inputs: readonly Ref[]): readonly Ref[] {
    switch (node.op) {
      case "placeholder":
        return [normalised(definition, input, preprocessing)];
      case "variable": {
        const { name } = node.attributes;
        return [constant(definition, values.get(name)!, node.outputs[0]!.shape, name)];
      }
      case "constant":
        return [definition.floats(node.attributes.data, node.outputs[0]!.shape)];
      case "tileBatch":
        return [tileToBatch(definition, inputs[0]!, input, node.outputs[0]!.shape)];
      default: {
        const known = lowerings as Partial<Record<OperationName, Lowering<OperationName>>>;
        return known[node.op]!(definition, node, inputs);
      }
    }
  }
}

function constant(definition: GraphDefBuilder, data: Float32Array, shape: Shape, name: string): Ref {
  return definition.add(
    "Const",
    [],
    { dtype: { type: "float32" }, value: { tensor: data, tensorShape: shape } },
    { name },
  );
}

/** (byte / 255 − mean) / deviation */
function normalised(
  definition: GraphDefBuilder,
  images: Ref,
  { mean, standardDeviation }: TrainedModel["preprocessing"],
): Ref {
  const scale = Float32Array.from(standardDeviation, (deviation) => 1 / (255 * deviation));
  const offset = Float32Array.from(mean, (value, channel) => -value / standardDeviation[channel]!);
  const scaled = definition.add("Mul", [images, definition.floats(scale, [3])], float);
  return definition.add("AddV2", [scaled, definition.floats(offset, [3])], float);
}

/** [1, …] -> [as many as there are images, …]; the number is known only when the graph runs. */
function tileToBatch(definition: GraphDefBuilder, x: Ref, images: Ref, shape: Shape): Ref {
  const extents = definition.add("Shape", [images], { ...float, out_type: { type: "int32" } });
  const bounds = [[0], [1], [1]].map((bound) => definition.integers(bound));
  const masks = { begin_mask: 0, end_mask: 0, ellipsis_mask: 0, new_axis_mask: 0, shrink_axis_mask: 0 };
  const batch = definition.add("StridedSlice", [extents, ...bounds], {
    T: { type: "int32" },
    Index: { type: "int32" },
    ...Object.fromEntries(Object.entries(masks).map(([name, integer]) => [name, { integer }])),
  });
  const axis = definition.integers([0], []);
  const target = definition.add("ConcatV2", [batch, definition.integers(shape.slice(1)), axis], {
    T: { type: "int32" },
    Tidx: { type: "int32" },
    N: { integer: 2 },
  });
  return definition.add("BroadcastTo", [x, target], floatWith("Tidx"));
}

function withOpenBatch(node: NodeDef): NodeDef {
  const open = (extent: number) => (extent > 0 && extent % standIn === 0 ? -1 : extent);
  const attributes = Object.entries(node.attributes).map(([key, attribute]) => {
    if ("shape" in attribute) return [key, { shape: attribute.shape.map(open) }];
    if ("tensor" in attribute && attribute.tensor instanceof Int32Array) {
      return [key, { ...attribute, tensor: attribute.tensor.map(open) }];
    }
    return [key, attribute];
  });
  return { ...node, attributes: Object.fromEntries(attributes) };
}
