import { mkdir, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isDiskFull } from "../weights/is-disk-full.js";
import { ExportError } from "./export-error.js";
import { exportSafetensors } from "./export-safetensors.js";
import { exportSavedModel } from "./export-saved-model.js";
import { exportTensorFlowJs } from "./export-tensorflow-js.js";
import { openTrainedModel, type TrainedModel } from "./trained-model.js";

/** `safetensors`: timm's folder. `tfjs`: a TensorFlow.js graph model. `saved-model`: TensorFlow's SavedModel. */
export type ExportTarget = "safetensors" | "tfjs" | "saved-model";

export interface ExportOptions {
  /** A run's checkpoint, the folder of all of them, or an exported folder. */
  readonly checkpoint: string;
  readonly target: ExportTarget;
  /** Made anew; must not exist, or be empty. */
  readonly folder: string;
}

export interface ExportedModel {
  /** The checkpoint that was taken. */
  readonly source: string;
  readonly folder: string;
  /** Relative to the folder. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly classNames: readonly string[];
}

const exporters: Record<ExportTarget, (model: TrainedModel, folder: string) => Promise<void>> = {
  safetensors: exportSafetensors,
  tfjs: exportTensorFlowJs,
  "saved-model": exportSavedModel,
};

export const exportTargets = Object.keys(exporters) as readonly ExportTarget[];

/**
 * Writes a trained model in a form that others load. The folder appears whole or not at all. Throws an ExportError or a PretrainedError
 * that says what is wrong with which file.
 */
export async function exportModel({ checkpoint, target, folder }: ExportOptions): Promise<ExportedModel> {
  const place = resolve(folder);
  const present = await readdir(place).catch(() => []);
  if (present.length > 0) throw new ExportError(`${place} is not empty. Name a new folder for the export.`);
  const model = await openTrainedModel(checkpoint);
  const unfinished = `${place}.${process.pid}.unfinished`;
  await mkdir(dirname(place), { recursive: true });
  await mkdir(unfinished);
  try {
    await exporters[target](model, unfinished);
    await rmdir(place).catch(() => undefined);
    await rename(unfinished, place);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!isDiskFull(error)) throw error;
    throw new ExportError(`No space for the export in ${dirname(place)}. Nothing was written.`, { cause: error });
  }
  return { source: model.path, folder: place, files: await filesIn(place), classNames: model.classNames };
}

async function filesIn(folder: string): Promise<ExportedModel["files"]> {
  const entries = await readdir(folder, { recursive: true });
  const sized = await Promise.all(entries.map(async (name) => ({ name, entry: await stat(join(folder, name)) })));
  return sized.filter(({ entry }) => entry.isFile()).map(({ name, entry }) => ({ name, bytes: entry.size }));
}
