import { placementOf, type ResizeAndCrop } from "./preprocessing.js";
import { resample } from "./resample.js";
import type { RgbImage } from "./rgb-image.js";

/** Of a panorama only the middle is kept, this many times as long as its short side: else one strange file would fill a disk. */
const LONGEST_SIDE = 3;

/** What is kept of an image, and how evaluation and training look at it. */
export interface StoredShape {
  readonly width: number;
  readonly height: number;
  /** Where evaluation's crop of the image size lies. */
  readonly cropLeft: number;
  readonly cropTop: number;
  /** Width of a pixel in heights of one, as the original image saw it: other than 1 where the image was stretched. */
  readonly pixelAspect: number;
}

export interface StoredImage extends RgbImage, StoredShape {}

/**
 * What is kept of an image of `width` × `height`: resized as evaluation wants it, but not yet cropped, so that training's random crops
 * have something to choose from.
 */
export function storedShape(width: number, height: number, size: number, rule: ResizeAndCrop): StoredShape {
  const { resizedWidth, resizedHeight, left, top } = placementOf(width, height, size, rule);
  const longest = Math.min(resizedWidth, resizedHeight) * LONGEST_SIDE;
  const keptWidth = Math.min(resizedWidth, longest);
  const keptHeight = Math.min(resizedHeight, longest);
  return {
    width: keptWidth,
    height: keptHeight,
    cropLeft: left - keptFrom(left, size, resizedWidth, keptWidth),
    cropTop: top - keptFrom(top, size, resizedHeight, keptHeight),
    pixelAspect: rule.fit === "stretch" ? width / height : 1,
  };
}

/** The pixels of `storedShape`. */
export function storedPixels(image: RgbImage, size: number, rule: ResizeAndCrop): RgbImage {
  const { resizedWidth, resizedHeight, left, top } = placementOf(image.width, image.height, size, rule);
  const { width, height, cropLeft, cropTop } = storedShape(image.width, image.height, size, rule);
  return resample(image, {
    width: resizedWidth,
    height: resizedHeight,
    interpolation: rule.interpolation,
    window: { left: left - cropLeft, top: top - cropTop, width, height },
  });
}

/** As much before the crop as after it. */
function keptFrom(crop: number, size: number, resized: number, kept: number): number {
  return Math.min(Math.max(0, crop - ((kept - size) >> 1)), resized - kept);
}
