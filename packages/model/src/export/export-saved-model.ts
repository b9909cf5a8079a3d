import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeShape, graphDefMessage, tensorFlowTypes } from "../executors/tensorflow/graph-def.js";
import { ProtobufWriter } from "../executors/tensorflow/protobuf-writer.js";
import { ExportError } from "./export-error.js";
import { type ServingGraph, servingGraph } from "./serving-graph.js";
import { preprocessorConfig } from "./timm-config.js";
import type { TrainedModel } from "./trained-model.js";
import { writePieces } from "./write-file.js";

/** Protocol Buffers cannot hold more. */
const largestFile = 2 ** 31 - 1;

/**
 * TensorFlow's SavedModel: one file with the graph and its weights as constants, tag `serve`, signature `serving_default` from `images`
 * (0 to 255) to `logits` and `probabilities`; beside it the classes' names and how images are to be resized.
 */
export async function exportSavedModel(model: TrainedModel, folder: string): Promise<void> {
  const savedModel = new ProtobufWriter().integer(1, 1).message(2, metaGraph(servingGraph(model)));
  const bytes = savedModel.pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (bytes > largestFile) throw new ExportError(`A SavedModel of ${bytes} bytes is more than the format can hold.`);
  await writePieces(join(folder, "saved_model.pb"), savedModel.pieces);
  // TensorFlow looks for it, even where there are no variables to restore.
  await mkdir(join(folder, "variables"));
  const assets = join(folder, "assets.extra");
  await mkdir(assets);
  await writeFile(join(assets, "labels.txt"), `${model.classNames.join("\n")}\n`);
  await writeFile(join(assets, "preprocessor_config.json"), `${JSON.stringify(preprocessorConfig(model), null, 2)}\n`);
}

/** MetaGraphDef. */
function metaGraph(graph: ServingGraph): ProtobufWriter {
  const { nodes, input, outputs, imageSize, classes } = graph;
  const info = new ProtobufWriter().text(4, "serve").text(5, "2.9.0");
  const signature = new ProtobufWriter()
    .message(1, entry("images", tensorInfo(input, [-1, imageSize, imageSize, 3])))
    .message(2, entry("logits", tensorInfo(outputs.logits, [-1, classes])))
    .message(2, entry("probabilities", tensorInfo(outputs.probabilities, [-1, classes])))
    .text(3, "tensorflow/serving/predict");
  return new ProtobufWriter()
    .message(1, info)
    .message(2, graphDefMessage(nodes))
    .message(5, entry("serving_default", signature));
}

/** One entry of a map. */
function entry(key: string, value: ProtobufWriter): ProtobufWriter {
  return new ProtobufWriter().text(1, key).message(2, value);
}

function tensorInfo(name: string, shape: readonly number[]): ProtobufWriter {
  return new ProtobufWriter().text(1, `${name}:0`).integer(2, tensorFlowTypes.float32).message(3, encodeShape(shape));
}
