import { type Box, type Interpolation, resample } from "./resample.js";
import type { RgbImage } from "./rgb-image.js";

/** How a checkpoint wants its images in evaluation: decoded, resized, cropped and normalised as it was trained. */
export interface Preprocessing {
  /** `crop`: the shorter side to ⌊image size / cropFraction⌋, then the centre. `stretch`: both sides to the image size. */
  readonly fit: "crop" | "stretch";
  /** Part of the resized image's shorter side that the crop keeps; 1 where nothing is cropped. */
  readonly cropFraction: number;
  /** Where an odd number of pixels is cropped: half of it rounded down (Hugging Face), or to the even neighbour (torchvision, timm). */
  readonly cropRounding: "down" | "half-even";
  /** Antialiased, as Pillow does it; bicubic with a = −0.5. */
  readonly interpolation: Interpolation;
  /** Of each channel, in units of 0..1. */
  readonly mean: readonly [number, number, number];
  readonly standardDeviation: readonly [number, number, number];
}

/** The part of `Preprocessing` that moves pixels. */
export type ResizeAndCrop = Pick<Preprocessing, "fit" | "cropFraction" | "cropRounding" | "interpolation">;

/** Where no checkpoint says otherwise: the shorter side to the image size, then the centre. */
export const plainResize: ResizeAndCrop = {
  fit: "crop",
  cropFraction: 1,
  cropRounding: "half-even",
  interpolation: "bicubic",
};

/** What an image of `width` × `height` becomes on its way to `size` × `size`. */
export interface Placement {
  readonly resizedWidth: number;
  readonly resizedHeight: number;
  /** The crop, in pixels of the resized image. */
  readonly left: number;
  readonly top: number;
}

export function placementOf(width: number, height: number, size: number, rule: ResizeAndCrop): Placement {
  if (rule.fit === "stretch") return { resizedWidth: size, resizedHeight: size, left: 0, top: 0 };
  const shorter = Math.max(size, Math.floor(size / rule.cropFraction));
  const longer = Math.trunc((shorter * Math.max(width, height)) / Math.min(width, height));
  const [resizedWidth, resizedHeight] = width <= height ? [shorter, longer] : [longer, shorter];
  const offset = (free: number) => (rule.cropRounding === "down" ? free >> 1 : halfToEven(free));
  return { resizedWidth, resizedHeight, left: offset(resizedWidth - size), top: offset(resizedHeight - size) };
}

/**
 * An image as a network is to see it in evaluation, still as bytes: `size` × `size` × 3, rows from the top. `normalizeInto` with the
 * checkpoint's mean and deviation makes the network's input of it.
 */
export function preprocess(image: RgbImage, size: number, rule: ResizeAndCrop): Uint8Array {
  const { resizedWidth, resizedHeight, left, top } = placementOf(image.width, image.height, size, rule);
  const window: Box = { left, top, width: size, height: size };
  return resample(image, {
    width: resizedWidth,
    height: resizedHeight,
    interpolation: rule.interpolation,
    window,
  }).data;
}

/** Half of a whole number; a half left over goes to the even neighbour. */
function halfToEven(free: number): number {
  const down = free >> 1;
  return (free & 1) === 1 && (down & 1) === 1 ? down + 1 : down;
}
