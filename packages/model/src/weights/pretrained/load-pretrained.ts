import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { ArchitectureSpec } from "../../architectures/registry.js";
import type { Preprocessing } from "../../datasets/preprocessing.js";
import { buildEvaluationGraph } from "../../graph/evaluation-graph.js";
import type { VariableSpec } from "../../graph/graph.js";
import { elementCount } from "../../graph/shape.js";
import type { DownloadProgress } from "../../hub/download-file.js";
import type { HubSettings } from "../../hub/hub-settings.js";
import { fromTorchLayout, torchShape } from "../layout.js";
import { readCheckpointConfig } from "./checkpoint-config.js";
import { findSource } from "./find-source.js";
import { freshHead } from "./fresh-head.js";
import { imageNet, symmetric } from "./image-config.js";
import type { KeyLayout } from "./key-layout.js";
import { type MatchedTensors, matchTensors, type TensorMatch } from "./match-tensors.js";
import { type OpenCheckpoint, openCheckpoint } from "./open-checkpoint.js";
import { resizePositionEmbedding } from "./position-embedding.js";
import { PretrainedError } from "./pretrained-error.js";

export interface PretrainedOptions {
  /** A safetensors file, an index of shards, a folder with `model.safetensors`, or a name on the Hub: `timm/resnet18.a1_in1k`. */
  readonly source: string;
  readonly architecture: ArchitectureSpec;
  /** Pixels along a side. */
  readonly imageSize: number;
  readonly classes: number;
  /** Decides a ResNet's new head. */
  readonly seed: number;
  /** As the environment says unless given. */
  readonly hub?: HubSettings;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

/** What was loaded, for the run's log and passport. */
export interface PretrainedReport {
  readonly source: string;
  /** The Hub's commit, where the weights come from there. */
  readonly commit: string | undefined;
  readonly layout: KeyLayout["id"];
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  /** Variables that start anew: the head, where the checkpoint has none or one for another number of classes. */
  readonly replaced: readonly string[];
  /** Present where the position embedding was fitted to the run's image size; `from` and `to` count patches along a side. */
  readonly resized: { readonly from: number; readonly to: number } | undefined;
  /** Tensors of the files that the network has no use for. */
  readonly ignored: readonly string[];
  readonly classNames: readonly string[] | undefined;
  /** How the checkpoint wants its images. */
  readonly preprocessing: Preprocessing;
  /** The same in sentences, and what else is worth knowing. */
  readonly notes: readonly string[];
}

export interface Pretrained {
  /** Every variable of the network in our layout; no optimizer slots. */
  readonly values: Map<string, Float32Array>;
  readonly report: PretrainedReport;
}

/**
 * Loads published weights into the variables of an architecture. Tensors are read one at a time: the memory needed is that of the
 * variables and the largest tensor. Throws a PretrainedError, with nothing loaded, if the files are damaged or are for another network.
 */
export async function loadPretrained(options: PretrainedOptions): Promise<Pretrained> {
  const { architecture, imageSize, classes, seed, source } = options;
  const { variables } = buildEvaluationGraph({ architecture, imageSize, classes, batchSize: 1 }).graph;
  const found = await findSource(options);
  const checkpoint = await openCheckpoint(found.path);
  try {
    const matched = matchTensors(checkpoint.tensors, variables, architecture);
    const config = await readCheckpointConfig(checkpoint.folder);
    const values = matched.fresh.length > 0 ? freshHead(variables, architecture.family, seed) : new Map();
    for (const variable of variables) {
      const match = matched.matches.get(variable.name);
      if (match) values.set(variable.name, await readVariable(checkpoint, variable, match, matched.layout));
    }
    const files: { path: string; sha256: string }[] = [];
    for (const path of checkpoint.files) files.push({ path, sha256: await sha256Of(path) });
    const resized = matched.matches.get("pos_embed")?.grid;
    const report: PretrainedReport = {
      source,
      commit: found.commit,
      layout: matched.layout.id,
      files,
      replaced: matched.fresh,
      resized,
      ignored: matched.ignored,
      classNames: config.classNames,
      preprocessing: config.preprocessing ?? familyPreprocessing[architecture.family],
      notes: [
        found.note,
        checkpoint.isAveraged ? "The averages of the weights (EMA) were taken." : undefined,
        ...notesOf(matched, resized, config, options),
      ].filter((note) => note !== undefined),
    };
    return { values, report };
  } catch (error) {
    if (error instanceof PretrainedError) throw new PretrainedError(`${source}: ${error.message}`, { cause: error });
    throw error;
  } finally {
    await checkpoint.close();
  }
}

async function readVariable(
  checkpoint: OpenCheckpoint,
  variable: VariableSpec,
  { keys, grid }: TensorMatch,
  layout: KeyLayout,
): Promise<Float32Array> {
  const data = await readJoined(checkpoint, keys, elementCount(torchShape(variable)));
  const name = keys.join(" + ");
  if (!hasFiniteValues(data))
    throw new PretrainedError(`tensor ${name} has values that are no numbers. Download it again.`);
  if (!grid) return fromTorchLayout(variable, data);
  return resizePositionEmbedding(data, { ...grid, width: variable.shape[2]! }, layout.resampling);
}

async function readJoined(
  checkpoint: OpenCheckpoint,
  keys: readonly string[],
  elements: number,
): Promise<Float32Array> {
  const read = async (key: string) =>
    checkpoint.read(key).catch((error: Error) => {
      throw new PretrainedError(error.message, { cause: error });
    });
  if (keys.length === 1) return read(keys[0]!);
  const joined = new Float32Array(elements);
  let at = 0;
  for (const key of keys) {
    const part = await read(key);
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function hasFiniteValues(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) return false;
  return true;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Of the families' most used checkpoints, for weights that come without a description. */
const familyPreprocessing: Record<ArchitectureSpec["family"], Preprocessing> = {
  resnet: { fit: "crop", cropFraction: 0.95, cropRounding: "half-even", interpolation: "bicubic", ...imageNet },
  vit: { fit: "crop", cropFraction: 0.9, cropRounding: "half-even", interpolation: "bicubic", ...symmetric },
};

function notesOf(
  { layout, fresh, ignored }: MatchedTensors,
  resized: TensorMatch["grid"],
  config: Awaited<ReturnType<typeof readCheckpointConfig>>,
  { architecture, imageSize, classes }: PretrainedOptions,
): string[] {
  const notes = [`The weights bear ${layout.owner} names.`];
  if (fresh.length > 0) {
    const start = architecture.family === "vit" ? "at zero" : "at random, as PyTorch's linear layer does";
    notes.push(`The head (${fresh.join(", ")}) is new, for ${classes} classes; it starts ${start}.`);
  }
  if (resized) {
    notes.push(
      `The position embedding was resized from ${resized.from} × ${resized.from} to ${resized.to} × ${resized.to} patches for images of ${imageSize} pixels, as ${layout.owner.replace(/'s?$/, "")} does it.`,
    );
  }
  if (ignored.length > 0) notes.push(`Not used: ${ignored.slice(0, 8).join(", ")}${ignored.length > 8 ? ", …" : ""}.`);
  if (!config.preprocessing) {
    notes.push(
      "No config beside the weights says how they want their images: they are prepared as is usual for the family.",
    );
  }
  if (config.layerNormEpsilon !== undefined && config.layerNormEpsilon !== 1e-6) {
    notes.push(
      `The checkpoint's LayerNorm adds ${config.layerNormEpsilon} where Residual adds 1e-6; logits differ by some 1e-5 of the largest.`,
    );
  }
  return notes;
}
