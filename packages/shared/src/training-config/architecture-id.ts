/** timm's ids. */
export const architectureIds = [
  "resnet18",
  "resnet34",
  "resnet50",
  "resnet101",
  "resnet152",
  "vit_tiny_patch16_224",
  "vit_small_patch16_224",
  "vit_base_patch16_224",
  "vit_large_patch16_224",
] as const;

export type ArchitectureId = (typeof architectureIds)[number];

export const architectureFamilies = ["RESNET", "VIT"] as const;

export type ArchitectureFamily = (typeof architectureFamilies)[number];

export function isArchitectureId(id: string): id is ArchitectureId {
  return (architectureIds as readonly string[]).includes(id);
}

export function architectureFamily(architecture: ArchitectureId): ArchitectureFamily {
  return architecture.startsWith("resnet") ? "RESNET" : "VIT";
}

const names: Record<ArchitectureId, string> = {
  resnet18: "ResNet-18",
  resnet34: "ResNet-34",
  resnet50: "ResNet-50",
  resnet101: "ResNet-101",
  resnet152: "ResNet-152",
  vit_tiny_patch16_224: "ViT-Ti/16",
  vit_small_patch16_224: "ViT-S/16",
  vit_base_patch16_224: "ViT-B/16",
  vit_large_patch16_224: "ViT-L/16",
};

/** The name that people say, the same in every language. */
export function architectureName(architecture: ArchitectureId): string {
  return names[architecture];
}
