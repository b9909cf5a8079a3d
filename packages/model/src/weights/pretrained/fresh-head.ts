import { hashSeed, Random } from "@residual/shared";
import type { ArchitectureSpec } from "../../architectures/registry.js";
import type { VariableSpec } from "../../graph/graph.js";
import { elementCount } from "../../graph/shape.js";

/** Whether a variable belongs to the classifier: `fc.*` of a ResNet, `head.*` of a ViT. */
export function isHead(name: string): boolean {
  return /^(fc|head)\./.test(name);
}

/**
 * A new classifier for a pretrained network. A ViT's starts at zero, so that nothing but the head learns in the first steps
 * (appendix B.1.1 of https://arxiv.org/abs/2010.11929); a ResNet's as PyTorch's linear layer, uniform within ±1/√features.
 */
export function freshHead(
  variables: readonly VariableSpec[],
  family: ArchitectureSpec["family"],
  seed: number,
): Map<string, Float32Array> {
  const head = variables.filter(({ name }) => isHead(name));
  const features = head.find(({ kind }) => kind === "linear")!.shape[0]!;
  const bound = family === "vit" ? 0 : 1 / Math.sqrt(features);
  return new Map(
    head.map(({ name, shape }) => {
      const random = new Random(hashSeed(seed, name));
      return [name, Float32Array.from({ length: elementCount(shape) }, () => bound && random.between(-bound, bound))];
    }),
  );
}
