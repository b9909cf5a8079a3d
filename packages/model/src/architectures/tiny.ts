import { type ArchitectureSpec, resnetSpec, visionTransformerSpec } from "./registry.js";

/** Networks of each family that are small enough for tests to train with plain loops. */
export const tinyResNet: ArchitectureSpec = resnetSpec("tiny_resnet", "tiny ResNet", 10, {
  block: "basic",
  depths: [1, 1, 1, 1],
  stem: 4,
  widths: [4, 4, 8, 8],
});

export const tinyVisionTransformer: ArchitectureSpec = visionTransformerSpec("tiny_vit", "tiny ViT", {
  patchSize: 8,
  width: 12,
  depth: 2,
  heads: 3,
  mlpRatio: 2,
});
