import type { Preprocessing } from "../datasets/preprocessing.js";

/** What has to be known of trained weights to use them; checkpoints and exported files carry it in their metadata. */
export interface ModelDescription {
  /** Id of the registry. */
  readonly architecture: string;
  /** Pixels along a side. */
  readonly imageSize: number;
  /** In the order of the logits. */
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
}

/** As entries of a safetensors file's metadata. */
export function descriptionToMetadata(description: ModelDescription): Record<string, string> {
  const { architecture, imageSize, classNames, preprocessing } = description;
  return {
    architecture,
    imageSize: String(imageSize),
    classNames: JSON.stringify(classNames),
    preprocessing: JSON.stringify(preprocessing),
  };
}

/** What the metadata of a file says; entries that are missing or damaged are undefined. */
export function descriptionFromMetadata(metadata: ReadonlyMap<string, string>): {
  readonly [Key in keyof ModelDescription]: ModelDescription[Key] | undefined;
} {
  const imageSize = Number(metadata.get("imageSize"));
  const classNames = parsed(metadata.get("classNames"));
  const preprocessing = parsed(metadata.get("preprocessing"));
  return {
    architecture: metadata.get("architecture"),
    imageSize: Number.isInteger(imageSize) && imageSize > 0 ? imageSize : undefined,
    classNames: isListOfTexts(classNames) ? classNames : undefined,
    preprocessing: isPreprocessing(preprocessing) ? preprocessing : undefined,
  };
}

function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

function isPreprocessing(value: unknown): value is Preprocessing {
  const found = value as Partial<Record<keyof Preprocessing, unknown>> | null | undefined;
  const isTriple = (list: unknown) => Array.isArray(list) && list.length === 3 && list.every(Number.isFinite);
  return (
    (found?.fit === "crop" || found?.fit === "stretch") &&
    (found.cropRounding === "down" || found.cropRounding === "half-even") &&
    (found.interpolation === "bilinear" || found.interpolation === "bicubic") &&
    Number(found.cropFraction) > 0 &&
    Number(found.cropFraction) <= 1 &&
    isTriple(found.mean) &&
    isTriple(found.standardDeviation)
  );
}
