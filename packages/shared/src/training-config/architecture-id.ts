/** timm's ids. */
export const architectureIds = [
  "resnet18",
  "resnet50",
  "resnet101",
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
  resnet50: "ResNet-50",
  resnet101: "ResNet-101",
  vit_base_patch16_224: "ViT-B/16",
  vit_large_patch16_224: "ViT-L/16",
};

/** The name that people say, the same in every language. */
export function architectureName(architecture: ArchitectureId): string {
  return names[architecture];
}
