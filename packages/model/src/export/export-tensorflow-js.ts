import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Attribute, NodeDef } from "../executors/tensorflow/graph-def.js";
import { descriptionToMetadata } from "../weights/model-description.js";
import { servingGraph } from "./serving-graph.js";
import type { TrainedModel } from "./trained-model.js";
import { writePieces } from "./write-file.js";

/** Browsers keep files up to this size in their cache; the converter of TensorFlow.js cuts weights so too. */
const shardBytes = 4 * 2 ** 20;

/**
 * A TensorFlow.js graph model: `model.json` for `tf.loadGraphModel`, and the weights in shards. Input `images` (0 to 255), outputs
 * `logits` and `probabilities`; the classes' names and the rest of the description are its user-defined metadata.
 */
export async function exportTensorFlowJs(model: TrainedModel, folder: string): Promise<void> {
  const { nodes, input, outputs, imageSize, classes } = servingGraph(model);
  const weights = nodes.filter(({ op }) => op === "Const").map(weightOf);
  const shards = cutIntoShards(weights.map(({ bytes }) => bytes));
  const paths = shards.map((_, index) => `group1-shard${index + 1}of${shards.length}.bin`);
  for (const [index, pieces] of shards.entries()) await writePieces(join(folder, paths[index]!), pieces);

  const tensor = (name: string, shape: readonly number[]) => ({
    name: `${name}:0`,
    dtype: "DT_FLOAT",
    tensorShape: shapeJson(shape),
  });
  const content = {
    format: "graph-model",
    generatedBy: "Residual",
    convertedBy: null,
    signature: {
      inputs: { images: tensor(input, [-1, imageSize, imageSize, 3]) },
      outputs: {
        logits: tensor(outputs.logits, [-1, classes]),
        probabilities: tensor(outputs.probabilities, [-1, classes]),
      },
    },
    userDefinedMetadata: descriptionToMetadata({ ...model, architecture: model.architecture.id }),
    modelTopology: { node: nodes.map(nodeJson), library: {}, versions: { producer: 2000 } },
    weightsManifest: [{ paths, weights: weights.map(({ name, shape, dtype }) => ({ name, shape, dtype })) }],
  };
  await writeFile(join(folder, "model.json"), JSON.stringify(content));
}

function weightOf({ name, attributes }: NodeDef) {
  const { value } = attributes;
  if (!value || !("tensor" in value)) throw new TypeError(`constant ${name} has no value`);
  const { tensor, tensorShape } = value;
  return {
    name,
    shape: tensorShape,
    dtype: tensor instanceof Float32Array ? "float32" : "int32",
    bytes: new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength),
  };
}

/** The same bytes in the same order, each shard full but the last. */
function cutIntoShards(tensors: readonly Uint8Array[]): Uint8Array[][] {
  const shards: Uint8Array[][] = [[]];
  let room = shardBytes;
  for (const tensor of tensors) {
    for (let at = 0; at < tensor.length; ) {
      if (room === 0) {
        shards.push([]);
        room = shardBytes;
      }
      const piece = tensor.subarray(at, at + room);
      shards.at(-1)!.push(piece);
      at += piece.length;
      room -= piece.length;
    }
  }
  return shards;
}

/** A node as Protocol Buffers' JSON form has it; the value of a constant is in the weights. */
function nodeJson({ name, op, inputs, attributes }: NodeDef) {
  const attr = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attributeJson(value)]));
  return { name, op, input: inputs, attr };
}

const typeNames = { float32: "DT_FLOAT", int32: "DT_INT32", bfloat16: "DT_BFLOAT16", resource: "DT_RESOURCE" } as const;

function attributeJson(attribute: Attribute): object {
  if ("type" in attribute) return { type: typeNames[attribute.type] };
  if ("integer" in attribute) return { i: String(attribute.integer) };
  if ("float" in attribute) return { f: attribute.float };
  if ("bool" in attribute) return { b: attribute.bool };
  if ("text" in attribute) return { s: Buffer.from(attribute.text).toString("base64") };
  if ("integers" in attribute) return { list: { i: attribute.integers.map(String) } };
  if ("shape" in attribute) return { shape: shapeJson(attribute.shape) };
  const dtype = attribute.tensor instanceof Float32Array ? typeNames.float32 : typeNames.int32;
  return { tensor: { dtype, tensorShape: shapeJson(attribute.tensorShape) } };
}

function shapeJson(shape: readonly number[]): object {
  return { dim: shape.map((extent) => ({ size: String(extent) })) };
}
