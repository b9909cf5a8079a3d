/** How a checkpoint wants its images in evaluation: decoded, resized, cropped and normalised as it was trained. */
export interface Preprocessing {
  /** `crop`: the shorter side to ⌊image size / cropFraction⌋, then the centre. `stretch`: both sides to the image size. */
  readonly fit: "crop" | "stretch";
  /** Part of the resized image's shorter side that the crop keeps; 1 where nothing is cropped. */
  readonly cropFraction: number;
  /** Where an odd number of pixels is cropped: half of it rounded down (Hugging Face), or to the even neighbour (torchvision, timm). */
  readonly cropRounding: "down" | "half-even";
  /** Antialiased, as Pillow does it; bicubic with a = −0.5. */
  readonly interpolation: "bilinear" | "bicubic";
  /** Of each channel, in units of 0..1. */
  readonly mean: readonly [number, number, number];
  readonly standardDeviation: readonly [number, number, number];
}
