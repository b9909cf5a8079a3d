import type { Preprocessing } from "../../datasets/preprocessing.js";
import { isJsonObject, type JsonObject } from "./read-json.js";

/** ImageNet's statistics, with which ResNets are trained. */
export const imageNet = {
  mean: [0.485, 0.456, 0.406],
  standardDeviation: [0.229, 0.224, 0.225],
} as const satisfies Partial<Preprocessing>;

/** To [−1, 1], as ViTs are trained. */
export const symmetric = {
  mean: [0.5, 0.5, 0.5],
  standardDeviation: [0.5, 0.5, 0.5],
} as const satisfies Partial<Preprocessing>;

/**
 * What timm's `config.json` (`pretrained_cfg`) says of images; undefined where it says nothing. timm resizes to ⌊size / crop_pct⌋ and
 * crops the centre, unless `crop_mode` is `squash`.
 */
export function preprocessingOfTimm(config: JsonObject): Preprocessing | undefined {
  const { pretrained_cfg: nested } = config;
  const settings = isJsonObject(nested) ? nested : config;
  const { mean, std, interpolation, crop_pct: fraction, crop_mode: mode } = settings;
  if (!isTriple(mean) || !isTriple(std)) return undefined;
  return {
    fit: mode === "squash" ? "stretch" : "crop",
    cropFraction: mode !== "squash" && isFraction(fraction) ? fraction : 1,
    cropRounding: "half-even",
    interpolation: interpolation === "bilinear" ? "bilinear" : "bicubic",
    mean,
    standardDeviation: std,
  };
}

/** PIL's numbers of its filters. */
const bilinear = 2;

/**
 * What Hugging Face's `preprocessor_config.json` says. Its processors differ: ViT's stretches the image to a square, ConvNext's (used
 * for ResNet) resizes the shorter side to ⌊size / crop_pct⌋ and crops the centre, unless the size is 384 or more.
 */
export function preprocessingOfHuggingFace(config: JsonObject): Preprocessing {
  const kind = config.image_processor_type ?? config.feature_extractor_type;
  const isConvNext = (typeof kind === "string" && kind.startsWith("ConvNext")) || "crop_pct" in config;
  const fallback = isConvNext ? imageNet : symmetric;
  const { image_mean: mean, image_std: deviation, resample, size, crop_size: crop } = config;
  const cropped = isConvNext ? sideOf(size) < 384 : config.do_center_crop === true;
  const fraction = isConvNext ? Number(config.crop_pct ?? 224 / 256) : sideOf(crop) / sideOf(size);
  return {
    fit: cropped || (!isConvNext && keepsProportions(size)) ? "crop" : "stretch",
    cropFraction: cropped && isFraction(fraction) ? fraction : 1,
    cropRounding: "down",
    interpolation: (resample ?? (isConvNext ? 3 : bilinear)) === bilinear ? "bilinear" : "bicubic",
    mean: isTriple(mean) ? mean : fallback.mean,
    standardDeviation: isTriple(deviation) ? deviation : fallback.standardDeviation,
  };
}

function sideOf(size: unknown): number {
  if (!isJsonObject(size)) return Number(size);
  return Number(size.shortest_edge ?? size.height);
}

function keepsProportions(size: unknown): boolean {
  return isJsonObject(size) && "shortest_edge" in size;
}

function isTriple(value: unknown): value is readonly [number, number, number] {
  return Array.isArray(value) && value.length === 3 && value.every((number) => Number.isFinite(number));
}

function isFraction(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value <= 1;
}
