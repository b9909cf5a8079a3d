/** The public weights that an architecture starts from unless others are named. */
export interface DefaultCheckpoint {
  /** timm's repository on the Hub. */
  readonly source: string;
  /** SPDX. */
  readonly licence: string;
  /** ImageNet-1k validation accuracy at 224 pixels in per cent, from timm's own results (results-imagenet.csv). */
  readonly top1: number | undefined;
  /** For people: what it was trained on. */
  readonly pretraining: string;
}

const augreg = { licence: "Apache-2.0", pretraining: "ImageNet-21k, then ImageNet-1k" } as const;
const imageNet1k = { licence: "Apache-2.0", pretraining: "ImageNet-1k" } as const;

/** By architecture id. */
export const defaultCheckpoints: Readonly<Record<string, DefaultCheckpoint>> = {
  resnet18: { ...imageNet1k, source: "timm/resnet18.a1_in1k", top1: 71.5 },
  resnet34: { ...imageNet1k, source: "timm/resnet34.a1_in1k", top1: undefined },
  resnet50: { ...imageNet1k, source: "timm/resnet50.a1_in1k", top1: 80.38 },
  resnet101: { ...imageNet1k, source: "timm/resnet101.a1h_in1k", top1: 81.95 },
  resnet152: { ...imageNet1k, source: "timm/resnet152.a1h_in1k", top1: undefined },
  vit_tiny_patch16_224: { ...augreg, source: "timm/vit_tiny_patch16_224.augreg_in21k_ft_in1k", top1: undefined },
  vit_small_patch16_224: { ...augreg, source: "timm/vit_small_patch16_224.augreg_in21k_ft_in1k", top1: undefined },
  vit_base_patch16_224: { ...augreg, source: "timm/vit_base_patch16_224.augreg_in21k_ft_in1k", top1: 84.53 },
  vit_large_patch16_224: { ...augreg, source: "timm/vit_large_patch16_224.augreg_in21k_ft_in1k", top1: 85.86 },
};
