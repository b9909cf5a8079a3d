import type { ArchitectureSpec } from "../architectures/registry.js";
import type { VariableSpec } from "./graph.js";

export interface LearningRateScaleOptions {
  /** Factor from each layer to the one below it; 1 trains all alike. */
  readonly layerDecay: number;
  /** Factor of the classifier, which starts from nothing when the rest is pretrained. */
  readonly headMultiplier: number;
}

/**
 * Factors of the learning rate by depth: `layerDecay` to the power of the layers between a weight and the head, as BEiT and MAE fine-tune
 * (https://arxiv.org/abs/2106.08254), times `headMultiplier` for the head. A ViT's layers are its embeddings, its blocks, and norm
 * with head; a ResNet's are its stem, its four stages, and the head.
 */
export function learningRateScales(
  { family, layers }: Pick<ArchitectureSpec, "family" | "layers">,
  { layerDecay, headMultiplier }: LearningRateScaleOptions,
): (variable: VariableSpec) => number {
  const depthOf = family === "vit" ? visionTransformerDepth(layers) : resnetDepth;
  const top = family === "vit" ? layers + 1 : resnetStages + 1;
  return ({ name }) => layerDecay ** (top - depthOf(name)) * (isHead(name) ? headMultiplier : 1);
}

/** Whether a variable belongs to the classifier, by timm's names. */
export function isHead(name: string): boolean {
  return name.startsWith("fc.") || name.startsWith("head.");
}

const resnetStages = 4;

/** 0 for the stem, the number of the stage, 5 for the head. */
function resnetDepth(name: string): number {
  if (isHead(name)) return resnetStages + 1;
  return Number(/^layer(\d+)\./.exec(name)?.[1] ?? 0);
}

/** 0 for the embeddings, i + 1 for block i, one more than the last block for norm and head. */
function visionTransformerDepth(blocks: number): (name: string) => number {
  return (name) => {
    const block = /^blocks\.(\d+)\./.exec(name)?.[1];
    if (block !== undefined) return Number(block) + 1;
    return isHead(name) || name.startsWith("norm.") ? blocks + 1 : 0;
  };
}
