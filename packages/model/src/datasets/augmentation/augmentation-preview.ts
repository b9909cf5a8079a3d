import { type Augmentation, hashSeed, Random } from "@residual/shared";
import sharp from "sharp";
import { plainResize, type ResizeAndCrop } from "../preprocessing.js";
import type { RgbImage } from "../rgb-image.js";
import { storedPixels, storedShape } from "../stored-image.js";
import { augment } from "./augment.js";

export interface PreviewOptions {
  /** Side of each picture in pixels. */
  readonly imageSize?: number;
  readonly preprocessing?: ResizeAndCrop;
}

const GAP = 4;

/**
 * A picture for people: `count` variations of an image at a level, as training would see them, after the crop that evaluation sees.
 *
 * @returns a PNG, the pictures in rows of a nearly square grid on white
 */
export async function augmentationPreview(
  image: RgbImage,
  level: Augmentation,
  seed: number,
  count: number,
  { imageSize = 224, preprocessing = plainResize }: PreviewOptions = {},
): Promise<Buffer> {
  const { data } = storedPixels(image, imageSize, preprocessing);
  const stored = { ...storedShape(image.width, image.height, imageSize, preprocessing), data };
  const pictures = [augment(stored, imageSize, "NONE", new Random(seed))];
  for (let i = 0; i < count; i++) {
    pictures.push(augment(stored, imageSize, level, new Random(hashSeed(seed, "preview", i))));
  }
  const columns = Math.ceil(Math.sqrt(pictures.length));
  const rows = Math.ceil(pictures.length / columns);
  const lengthOf = (pieces: number) => pieces * (imageSize + GAP) - GAP;
  const raw = { width: imageSize, height: imageSize, channels: 3 } as const;
  const placed = pictures.map((picture, i) => ({
    input: Buffer.from(picture),
    raw,
    left: (i % columns) * (imageSize + GAP),
    top: Math.floor(i / columns) * (imageSize + GAP),
  }));
  return sharp({ create: { width: lengthOf(columns), height: lengthOf(rows), channels: 3, background: "white" } })
    .composite(placed)
    .removeAlpha()
    .png()
    .toBuffer();
}
