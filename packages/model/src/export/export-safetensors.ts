import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildEvaluationGraph } from "../graph/evaluation-graph.js";
import type { VariableSpec } from "../graph/graph.js";
import { torchShape, toTorchLayout } from "../weights/layout.js";
import { descriptionToMetadata } from "../weights/model-description.js";
import { weightsFile } from "../weights/pretrained/open-checkpoint.js";
import { type TensorSource, writeSafetensors } from "../weights/safetensors-writer.js";
import { preprocessorConfig, timmConfig } from "./timm-config.js";
import type { TrainedModel } from "./trained-model.js";

/**
 * timm's folder: `model.safetensors` with its names and PyTorch's layout, `config.json` for `timm.create_model("local-dir:…")`, and
 * Hugging Face's `preprocessor_config.json`.
 */
export async function exportSafetensors(model: TrainedModel, folder: string): Promise<void> {
  const { architecture, imageSize, classNames, values } = model;
  const { variables } = buildEvaluationGraph({
    architecture,
    imageSize,
    classes: classNames.length,
    batchSize: 1,
  }).graph;
  const weights = variables.map((variable) => ({
    name: variable.name,
    shape: torchShape(variable),
    data: () => toTorchLayout(variable, values.get(variable.name)!),
  }));
  const tensors = [...weights, ...batchCounters(variables)];
  // transformers insists on the format being named.
  const metadata = { format: "pt", ...descriptionToMetadata({ ...model, architecture: architecture.id }) };
  await writeSafetensors(join(folder, weightsFile), tensors, metadata);
  await writeFile(join(folder, "config.json"), json(timmConfig(model)));
  await writeFile(join(folder, "preprocessor_config.json"), json(preprocessorConfig(model)));
}

/** PyTorch counts the batches that a BatchNorm saw. Nothing is computed from it, but loaders miss it where it is not there. */
function batchCounters(variables: readonly VariableSpec[]): TensorSource[] {
  return variables
    .filter(({ kind }) => kind === "runningMean")
    .map(({ name }) => ({
      name: name.replace(/running_mean$/, "num_batches_tracked"),
      shape: [],
      dtype: "I64",
      data: () => BigInt64Array.of(0n),
    }));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
