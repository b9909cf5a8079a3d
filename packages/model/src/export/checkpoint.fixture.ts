import { join } from "node:path";
import { architecture } from "../architectures/registry.js";
import type { Preprocessing } from "../datasets/preprocessing.js";
import { referenceWeightInTorchLayout } from "../executors/conformance/reference-stream.js";
import { buildEvaluationGraph } from "../graph/evaluation-graph.js";
import { torchShape } from "../weights/layout.js";
import { descriptionToMetadata } from "../weights/model-description.js";
import { writeSafetensors } from "../weights/safetensors-writer.js";

export const preprocessing: Preprocessing = {
  fit: "crop",
  cropFraction: 0.875,
  cropRounding: "down",
  interpolation: "bilinear",
  mean: [0.485, 0.456, 0.406],
  standardDeviation: [0.229, 0.224, 0.225],
};
export const classNames = ["bag", "coat", "dress, long"];
export const imageSize = 32;

/** A run's checkpoint: weights, a slot beside one of them, and what they are. */
export async function writeTrainedCheckpoint(
  folder: string,
  id: string,
  name: string,
  metadata: Record<string, string> = {},
) {
  const path = join(folder, name);
  const options = { architecture: architecture(id), imageSize, classes: classNames.length, batchSize: 1 };
  const { variables } = buildEvaluationGraph(options).graph;
  const tensors = variables.map((variable) => ({
    name: variable.name,
    shape: torchShape(variable),
    data: () => referenceWeightInTorchLayout("export", variable),
  }));
  const slot = { ...tensors[0]!, name: `adam_m/${tensors[0]!.name}` };
  const description = descriptionToMetadata({ architecture: id, imageSize, classNames, preprocessing });
  await writeSafetensors(path, [...tensors, slot], { step: "12", ...description, ...metadata });
  return path;
}
