import type { ArchitectureSpec } from "../architectures/registry.js";
import type { VariableSpec } from "./graph.js";
import { isHead } from "./learning-rate-scale.js";

/** How much of a network is trained, from the head down. */
export type TrainedPart = "HEAD" | "LAST_STAGE" | "ALL";

/**
 * Which variables are trained: the classifier alone; with it the last stage; or all. The last stage is a ResNet's `layer4`; of a ViT,
 * which has no stages, the last quarter of its blocks and the final norm.
 */
export function trainedAt(
  { family, layers }: Pick<ArchitectureSpec, "family" | "layers">,
  part: TrainedPart,
): (variable: VariableSpec) => boolean {
  if (part === "ALL") return () => true;
  if (part === "HEAD") return ({ name }) => isHead(name);
  if (family === "resnet") return ({ name }) => isHead(name) || name.startsWith("layer4.");
  const firstBlock = layers - Math.ceil(layers / 4);
  return ({ name }) => {
    const block = /^blocks\.(\d+)\./.exec(name)?.[1];
    return isHead(name) || name.startsWith("norm.") || (block !== undefined && Number(block) >= firstBlock);
  };
}
