import { type ArchitectureFamily, type ArchitectureId, architectureName } from "../training-config/architecture-id.js";

/** A run of equal blocks. `channels`: of its output (width of a token for a ViT). `downsampling`: pixels of the image for one position of its output. */
export type ArchitectureStage = {
  block: "basic" | "bottleneck" | "encoder";
  repeats: number;
  channels: number;
  downsampling: number;
};

/** What is known of an architecture before anything runs: enough to draw it and to count it. */
export type ArchitectureFacts = {
  id: ArchitectureId;
  name: string;
  family: ArchitectureFamily;
  /** As the literature counts: layers with weights on the longest path for a ResNet, encoder blocks for a ViT. */
  layers: number;
  stages: readonly ArchitectureStage[];
  /** Width of the features that the head reads. */
  features: number;
};

type BlockCounts = readonly [number, number, number, number];

export const resnetBlocks = {
  resnet18: { block: "basic", counts: [2, 2, 2, 2] },
  resnet34: { block: "basic", counts: [3, 4, 6, 3] },
  resnet50: { block: "bottleneck", counts: [3, 4, 6, 3] },
  resnet101: { block: "bottleneck", counts: [3, 4, 23, 3] },
  resnet152: { block: "bottleneck", counts: [3, 8, 36, 3] },
} as const satisfies Partial<Record<ArchitectureId, { block: "basic" | "bottleneck"; counts: BlockCounts }>>;

export const vitShapes = {
  vit_tiny_patch16_224: { width: 192, depth: 12, heads: 3, mlpWidth: 768 },
  vit_small_patch16_224: { width: 384, depth: 12, heads: 6, mlpWidth: 1536 },
  vit_base_patch16_224: { width: 768, depth: 12, heads: 12, mlpWidth: 3072 },
  vit_large_patch16_224: { width: 1024, depth: 24, heads: 16, mlpWidth: 4096 },
} as const satisfies Partial<Record<ArchitectureId, { width: number; depth: number; heads: number; mlpWidth: number }>>;

export const vitPatch = 16;

export type ResNetId = keyof typeof resnetBlocks;
export type VisionTransformerId = keyof typeof vitShapes;

export function isResNet(architecture: ArchitectureId): architecture is ResNetId {
  return architecture in resnetBlocks;
}

export function architectureFacts(architecture: ArchitectureId): ArchitectureFacts {
  return isResNet(architecture) ? resnetFacts(architecture) : vitFacts(architecture);
}

function resnetFacts(id: ResNetId): ArchitectureFacts {
  const { block, counts } = resnetBlocks[id];
  const expansion = block === "bottleneck" ? 4 : 1;
  const convolutionsOfBlock = block === "bottleneck" ? 3 : 2;
  const stages = counts.map((repeats, stage) => ({
    block,
    repeats,
    channels: 64 * 2 ** stage * expansion,
    downsampling: 4 * 2 ** stage,
  }));
  const blocks = counts.reduce((sum, count) => sum + count, 0);
  // The stem's convolution and the head beside the blocks; shortcuts are not on the longest path.
  return {
    id,
    name: architectureName(id),
    family: "RESNET",
    layers: blocks * convolutionsOfBlock + 2,
    stages,
    features: 512 * expansion,
  };
}

function vitFacts(id: VisionTransformerId): ArchitectureFacts {
  const { width, depth } = vitShapes[id];
  const stages = [{ block: "encoder" as const, repeats: depth, channels: width, downsampling: vitPatch }];
  return { id, name: architectureName(id), family: "VIT", layers: depth, stages, features: width };
}
