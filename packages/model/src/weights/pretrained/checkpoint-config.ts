import { join } from "node:path";
import type { Preprocessing } from "../../datasets/preprocessing.js";
import { preprocessingOfHuggingFace, preprocessingOfTimm } from "./image-config.js";
import { PretrainedError } from "./pretrained-error.js";
import { isJsonObject, type JsonObject, readJsonObject } from "./read-json.js";

/** The files beside the weights that say what they are. */
export const configFiles = ["config.json", "preprocessor_config.json"] as const;

/** What the configuration files beside the weights say; all of it may be missing. */
export interface CheckpointConfig {
  /** timm's name of the network, or Hugging Face's model type. */
  readonly architecture: string | undefined;
  readonly classNames: readonly string[] | undefined;
  readonly preprocessing: Preprocessing | undefined;
  /** Pixels along a side. */
  readonly imageSize: number | undefined;
  readonly layerNormEpsilon: number | undefined;
}

/**
 * Reads `config.json` (timm's or Hugging Face's) and `preprocessor_config.json`. Throws a PretrainedError if they describe a network
 * of the same tensors that computes something else.
 */
export async function readCheckpointConfig(folder: string): Promise<CheckpointConfig> {
  const [config, images] = await Promise.all(configFiles.map((name) => readJsonObject(join(folder, name))));
  if (config) refuseOtherFunctions(join(folder, configFiles[0]), config);
  const epsilon = config?.layer_norm_eps;
  return {
    architecture: textOf(config?.architecture ?? config?.model_type),
    classNames: config && classNamesOf(config),
    preprocessing:
      config?.pretrained_cfg === undefined && images
        ? preprocessingOfHuggingFace(images)
        : config && preprocessingOfTimm(config),
    imageSize: config && imageSizeOf(config),
    layerNormEpsilon: typeof epsilon === "number" ? epsilon : undefined,
  };
}

/** Settings under which equal weights give another result; ours are the published networks'. */
function refuseOtherFunctions(path: string, config: JsonObject): void {
  const {
    downsample_in_bottleneck: isFirstVersion,
    hidden_act: activation,
    global_pool: pool,
    model_type: type,
  } = config;
  const refuse = (reason: string) => {
    throw new PretrainedError(`${path}: ${reason}. Choose other weights.`);
  };
  if (isFirstVersion === true) refuse("this ResNet strides in its 1×1 convolutions (v1); Residual trains v1.5");
  if (type === "vit" && activation !== undefined && activation !== "gelu")
    refuse(`this ViT uses ${JSON.stringify(activation)} where Residual uses exact GELU`);
  if (pool !== undefined && pool !== "avg" && pool !== "token")
    refuse(`this network pools by ${JSON.stringify(pool)}; Residual's by average (ResNet) or class token (ViT)`);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** timm: `label_names`; Hugging Face: `id2label`, unless it only counts (`LABEL_0`). */
function classNamesOf(config: JsonObject): readonly string[] | undefined {
  const { label_names: names, id2label: labels } = config;
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
  if (!isJsonObject(labels)) return undefined;
  const ordered = Object.keys(labels).map((_, index) => labels[index]);
  const isNamed = ordered.every((name, index) => typeof name === "string" && name !== `LABEL_${index}`);
  return isNamed && ordered.length > 0 ? (ordered as string[]) : undefined;
}

function imageSizeOf(config: JsonObject): number | undefined {
  const { pretrained_cfg: nested, image_size: size } = config;
  const input = isJsonObject(nested) ? nested.input_size : undefined;
  const found: unknown = Array.isArray(input) ? input[1] : size;
  return typeof found === "number" && Number.isInteger(found) && found > 0 ? found : undefined;
}
