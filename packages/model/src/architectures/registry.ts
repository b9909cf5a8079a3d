import type { Network } from "../layers/layer-context.js";
import { type ResNetConfig, resnet } from "./resnet.js";
import { type VisionTransformerConfig, visionTransformer } from "./vision-transformer.js";

/** One image classifier. A variant is data: ids are timm's, the network comes from its family. */
export interface ArchitectureSpec {
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly family: "resnet" | "vit";
  /** Layers with weights that the name counts: 18, 50, 101; transformer blocks for a ViT. */
  readonly layers: number;
  readonly defaultImageSize: number;
  /** Image sizes must be multiples of this. */
  readonly imageSizeMultiple: number;
  readonly network: Network;
}

/** The spec of a ResNet config, for variants that are not in the registry (tests use reduced ones). */
export function resnetSpec(id: string, name: string, layers: number, config: ResNetConfig): ArchitectureSpec {
  const network = resnet(config);
  return { id, name, family: "resnet", layers, defaultImageSize: 224, imageSizeMultiple: 1, network };
}

/** The spec of a ViT config, for variants that are not in the registry (tests use reduced ones). */
export function visionTransformerSpec(id: string, name: string, config: VisionTransformerConfig): ArchitectureSpec {
  const network = visionTransformer(config);
  return {
    id,
    name,
    family: "vit",
    layers: config.depth,
    defaultImageSize: 224,
    imageSizeMultiple: config.patchSize,
    network,
  };
}

/** The architectures that Residual trains, from small to large. */
export const architectures: readonly ArchitectureSpec[] = [
  resnetSpec("resnet18", "ResNet-18", 18, { block: "basic", depths: [2, 2, 2, 2] }),
  resnetSpec("resnet34", "ResNet-34", 34, { block: "basic", depths: [3, 4, 6, 3] }),
  resnetSpec("resnet50", "ResNet-50", 50, { block: "bottleneck", depths: [3, 4, 6, 3] }),
  resnetSpec("resnet101", "ResNet-101", 101, { block: "bottleneck", depths: [3, 4, 23, 3] }),
  resnetSpec("resnet152", "ResNet-152", 152, { block: "bottleneck", depths: [3, 8, 36, 3] }),
  visionTransformerSpec("vit_tiny_patch16_224", "ViT-Ti/16", {
    patchSize: 16,
    width: 192,
    depth: 12,
    heads: 3,
    mlpRatio: 4,
  }),
  visionTransformerSpec("vit_small_patch16_224", "ViT-S/16", {
    patchSize: 16,
    width: 384,
    depth: 12,
    heads: 6,
    mlpRatio: 4,
  }),
  visionTransformerSpec("vit_base_patch16_224", "ViT-B/16", {
    patchSize: 16,
    width: 768,
    depth: 12,
    heads: 12,
    mlpRatio: 4,
  }),
  visionTransformerSpec("vit_large_patch16_224", "ViT-L/16", {
    patchSize: 16,
    width: 1024,
    depth: 24,
    heads: 16,
    mlpRatio: 4,
  }),
];

/** The architecture of an id. Throws a RangeError that lists the known ids. */
export function architecture(id: string): ArchitectureSpec {
  const found = architectures.find((spec) => spec.id === id);
  if (found) return found;
  throw new RangeError(`unknown architecture "${id}"; known: ${architectures.map((spec) => spec.id).join(", ")}`);
}
