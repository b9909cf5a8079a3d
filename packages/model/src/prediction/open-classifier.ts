import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Executor } from "../executors/executor.js";
import { openTrainedModel } from "../export/trained-model.js";
import type { Classifier } from "./classifier.js";
import { openGraphModel } from "./graph-model.js";
import { openSavedModel } from "./saved-model.js";
import { trainedClassifier } from "./trained-classifier.js";

/**
 * Opens whatever holds a trained network: a folder with a SavedModel or a TensorFlow.js graph model that `exportModel` wrote, which then run as
 * they are, or weights (see `openTrainedModel`), which run on an executor. Throws an ExportError or a PretrainedError.
 *
 * @param executor asked for only where weights need one
 */
export async function openClassifier(source: string, executor: () => Promise<Executor>): Promise<Classifier> {
  if (existsSync(join(source, "saved_model.pb"))) return openSavedModel(source);
  if (existsSync(join(source, "model.json"))) return openGraphModel(source);
  return trainedClassifier(await openTrainedModel(source), await executor());
}
