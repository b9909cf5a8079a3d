/** How bytes become a network's input: (byte / 255 − mean) / deviation, a channel. */
export interface Normalization {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** As the families' published weights were trained: ResNet with ImageNet's statistics, ViT to [−1, 1]. */
const normalizations: Record<"resnet" | "vit", Normalization> = {
  resnet: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  vit: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
};

export function normalizationOf(family: "resnet" | "vit"): Normalization {
  return normalizations[family];
}

/** Writes RGB values (0 … 255, three a pixel) into `target` from `at` on, normalised. */
export function normalizeInto(
  target: Float32Array,
  at: number,
  pixels: ArrayLike<number>,
  { mean, deviation }: Normalization,
): void {
  for (let channel = 0; channel < 3; channel++) {
    const scale = 1 / (255 * deviation[channel]!);
    const offset = -mean[channel]! / deviation[channel]!;
    for (let i = channel; i < pixels.length; i += 3) target[at + i] = pixels[i]! * scale + offset;
  }
}
