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
  const scales = deviation.map((value) => 1 / (255 * value)) as [number, number, number];
  const offsets = mean.map((value, channel) => -value / deviation[channel]!) as [number, number, number];
  const [red, green, blue] = scales;
  const [redOffset, greenOffset, blueOffset] = offsets;
  for (let i = 0; i < pixels.length; i += 3) {
    target[at + i] = pixels[i]! * red + redOffset;
    target[at + i + 1] = pixels[i + 1]! * green + greenOffset;
    target[at + i + 2] = pixels[i + 2]! * blue + blueOffset;
  }
}
