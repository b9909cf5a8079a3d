import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { TensorEntry } from "@residual/shared";
import { averageSlot } from "../../graph/weight-average.js";
import { openSafetensors, type SafetensorsFile } from "../safetensors-reader.js";
import { PretrainedError } from "./pretrained-error.js";
import { isJsonObject, readJsonObject } from "./read-json.js";

/** All tensors of a checkpoint, whether it lies in one file or in several. */
export interface OpenCheckpoint {
  /** Where `config.json` would lie. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Of the first file. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Whether the tensors are the moving averages that training kept beside the weights. */
  readonly isAveraged: boolean;
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/** The file that a folder's weights are in, and the list of shards in its place. */
export const weightsFile = "model.safetensors";
export const indexFile = `${weightsFile}.index.json`;

/**
 * Opens a safetensors file, an index of shards (`model.safetensors.index.json`) or a folder with either. Throws a PretrainedError
 * that says what is wrong with which file.
 */
export async function openCheckpoint(path: string): Promise<OpenCheckpoint> {
  const file = await fileOf(path);
  return file.endsWith(".index.json") ? openShards(file) : openFiles(dirname(file), [file]);
}

async function fileOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new PretrainedError(`There is no file or folder ${path}.`);
  if (!found.isDirectory()) return path;
  const names = await readdir(path);
  for (const name of [weightsFile, indexFile]) if (names.includes(name)) return join(path, name);
  const candidates = names.filter((name) => name.endsWith(".safetensors"));
  if (candidates.length === 1) return join(path, candidates[0]!);
  const pickles = names.filter((name) => /\.(bin|pth|pt|ckpt)$/.test(name));
  const hint =
    candidates.length > 1
      ? `It has ${candidates.length} safetensors files: name one of them.`
      : pickles.length > 0
        ? `${pickles[0]} is a PyTorch pickle, which is never executed here: convert it with safetensors.torch.save_file.`
        : "";
  throw new PretrainedError(`The folder ${path} has no ${weightsFile}. ${hint}`.trim());
}

async function openShards(index: string): Promise<OpenCheckpoint> {
  const content = await readJsonObject(index);
  const map = content?.weight_map;
  if (!isJsonObject(map) || Object.keys(map).length === 0)
    throw new PretrainedError(`${index} has no weight_map. Download it again.`);
  const shards = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard !== "string" || basename(shard) !== shard || !shard.endsWith(".safetensors")) {
      throw new PretrainedError(`${index} places tensor "${tensor}" in ${String(shard)}, which is no file beside it.`);
    }
    shards.set(tensor, shard);
  }
  const folder = dirname(index);
  const names = [...new Set(shards.values())].sort();
  const opened = await openFiles(
    folder,
    names.map((name) => join(folder, name)),
  );
  const absent = [...shards.keys()].find((tensor) => !opened.tensors.has(tensor));
  if (absent === undefined) return opened;
  await opened.close();
  throw new PretrainedError(
    `${join(folder, shards.get(absent)!)} has no tensor "${absent}", which ${index} places there.`,
  );
}

async function openFiles(folder: string, files: readonly string[]): Promise<OpenCheckpoint> {
  const opened: SafetensorsFile[] = [];
  const close = async () => {
    for (const file of opened) await file.close();
  };
  try {
    const owners = new Map<string, SafetensorsFile>();
    const tensors = new Map<string, TensorEntry>();
    for (const path of files) {
      const file = await openSafetensors(path);
      opened.push(file);
      for (const [name, entry] of file.tensors) {
        if (owners.has(name)) throw new PretrainedError(`${path} has tensor "${name}", which another shard has too.`);
        owners.set(name, file);
        tensors.set(name, entry);
      }
    }
    const read = (name: string) => owners.get(name)!.read(name);
    return { folder, files, metadata: opened[0]!.metadata, ...averagesOf({ tensors, read }), close };
  } catch (error) {
    await close();
    if (error instanceof PretrainedError) throw error;
    throw new PretrainedError((error as Error).message, { cause: error });
  }
}

const averagePrefix = averageSlot("");

/** A run that keeps averages of its weights is scored by them: they stand for the weights wherever a file has them. */
function averagesOf({
  tensors,
  read,
}: Pick<OpenCheckpoint, "tensors" | "read">): Pick<OpenCheckpoint, "tensors" | "read" | "isAveraged"> {
  const averages = [...tensors].filter(([name]) => name.startsWith(averagePrefix));
  if (averages.length === 0) return { tensors, read, isAveraged: false };
  const bare = new Map(averages.map(([name, entry]) => [name.slice(averagePrefix.length), entry]));
  return { tensors: bare, read: (name) => read(averageSlot(name)), isAveraged: true };
}
