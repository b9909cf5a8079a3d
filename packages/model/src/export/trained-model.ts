import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ArchitectureSpec, architecture, architectures } from "../architectures/registry.js";
import type { Preprocessing } from "../datasets/preprocessing.js";
import { descriptionFromMetadata } from "../weights/model-description.js";
import { readCheckpointConfig } from "../weights/pretrained/checkpoint-config.js";
import { findSource } from "../weights/pretrained/find-source.js";
import { isHead } from "../weights/pretrained/fresh-head.js";
import { loadPretrained } from "../weights/pretrained/load-pretrained.js";
import { openCheckpoint } from "../weights/pretrained/open-checkpoint.js";
import { openSafetensors } from "../weights/safetensors-reader.js";
import { ExportError } from "./export-error.js";

/** A network ready to be asked: its weights, and what its input and output mean. */
export interface TrainedModel {
  /** The file or folder that it was read from. */
  readonly path: string;
  readonly architecture: ArchitectureSpec;
  /** Pixels along a side. */
  readonly imageSize: number;
  /** In the order of the logits. */
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
  /** By variable, in our layout. */
  readonly values: ReadonlyMap<string, Float32Array>;
}

/**
 * Opens a run's checkpoint (a file, or the folder of all of them, of which the best is taken), an exported folder, or timm's own. What
 * the weights say of themselves goes before a `config.json` beside them. Throws an ExportError or a PretrainedError.
 */
export async function openTrainedModel(source: string): Promise<TrainedModel> {
  const found = await findSource({ source });
  const path = await bestCheckpointIn(found.path);
  const checkpoint = await openCheckpoint(path);
  const [said, config] = [descriptionFromMetadata(checkpoint.metadata), await readCheckpointConfig(checkpoint.folder)];
  const head = [...checkpoint.tensors].find(([name, { shape }]) => isHead(name) && shape.length === 1);
  await checkpoint.close();

  const id = said.architecture ?? config.architecture;
  const spec = architectures.find((candidate) => candidate.id === id);
  if (!spec) {
    throw new ExportError(
      id === undefined
        ? `${path} does not say which architecture it is of, and there is no config.json beside it.`
        : `${path} is of the architecture "${id}"; Residual knows ${architectures.map((known) => known.id).join(", ")}.`,
    );
  }
  const classes = head?.[1].shape[0];
  if (classes === undefined) throw new ExportError(`${path} has no classifier: train it on classes first.`);
  const classNames = said.classNames ?? config.classNames ?? Array.from({ length: classes }, (_, i) => `class ${i}`);
  if (classNames.length !== classes) {
    throw new ExportError(`${path} has ${classes} logits, but ${classNames.length} classes are named beside it.`);
  }
  const imageSize = said.imageSize ?? config.imageSize ?? spec.defaultImageSize;
  const options = { source: path, architecture: architecture(spec.id), imageSize, classes, seed: 0 };
  const { values, report } = await loadPretrained(options);
  const preprocessing = said.preprocessing ?? report.preprocessing;
  return { path, architecture: spec, imageSize, classNames, preprocessing, values };
}

/** Of a folder of a run's checkpoints the one that scored best, else the newest; any other path as it is. */
export async function bestCheckpointIn(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory()) return path;
  const names = (await readdir(path)).filter((name) => /^step-\d+\.safetensors$/.test(name));
  const scored = await Promise.all(
    names.map(async (name) => {
      const file = await openSafetensors(join(path, name));
      await file.close();
      const [accuracy, loss] = ["valAccuracy", "valLoss"].map((key) => Number(file.metadata.get(key) ?? NaN));
      return { name, accuracy: accuracy!, loss: loss! };
    }),
  );
  const best = scored.filter(({ accuracy }) => !Number.isNaN(accuracy));
  best.sort((a, b) => b.accuracy - a.accuracy || a.loss - b.loss || (a.name < b.name ? -1 : 1));
  const chosen = best[0]?.name ?? names.sort().at(-1);
  return chosen === undefined ? path : join(path, chosen);
}
