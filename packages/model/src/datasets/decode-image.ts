import sharp, { type Sharp } from "sharp";
import { bmpSize, decodeBmp } from "./bmp.js";
import type { RgbImage } from "./rgb-image.js";

/** 100 megapixels. A larger picture costs gigabytes to decode and tells a 224-pixel network nothing more. */
const PIXEL_LIMIT = 100_000_000;

/** Side to which a check decodes: small enough that a JPEG is decoded at an eighth of its size. */
const CHECKED_SIZE = 8;

// One thread an image: several images are decoded at a time. No cache: every image is read once.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Decodes one JPEG, PNG, WebP, GIF (first frame) or BMP at its own size: turned as EXIF says, alpha on white, any colour space to sRGB.
 * The whole file is read, so that a truncated one is noticed. Throws an Error whose message is the reason.
 */
export async function decodeImage(bytes: Uint8Array): Promise<RgbImage> {
  const { data, info } = await decode(bytes, (input) => input);
  return { width: info.width, height: info.height, data };
}

/** Reads an image to its end, without keeping its pixels. Throws as `decodeImage` does. */
export async function checkImage(bytes: Uint8Array): Promise<void> {
  await decode(bytes, (input) => input.resize(CHECKED_SIZE, CHECKED_SIZE));
}

async function decode(bytes: Uint8Array, resize: (input: Sharp) => Sharp) {
  const format = imageFormat(bytes);
  if (!format) throw new Error("not an image: the content is none of JPEG, PNG, WebP, GIF, BMP");
  const input = format === "bmp" ? openBmp(bytes) : await openByLibvips(bytes);
  try {
    return await resize(input.autoOrient().flatten({ background: "#ffffff" }))
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
  } catch (error) {
    throw new Error(`damaged ${format.toUpperCase()} file: ${(error as Error).message.trim().replaceAll("\n", "; ")}`);
  }
}

function openBmp(bytes: Uint8Array): Sharp {
  const { width, height } = bmpSize(bytes);
  checkPixels(width, height);
  const raw = decodeBmp(bytes);
  return sharp(raw.data, { raw: { width, height, channels: 4 } });
}

async function openByLibvips(bytes: Uint8Array): Promise<Sharp> {
  let size: { width?: number; height?: number };
  try {
    // The header alone may state any size; it is looked at before a pixel is decoded.
    size = await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    throw new Error(`damaged header: ${(error as Error).message.trim()}`);
  }
  checkPixels(size.width ?? 0, size.height ?? 0);
  return sharp(bytes, { failOn: "error", limitInputPixels: PIXEL_LIMIT });
}

function checkPixels(width: number, height: number): void {
  if (width * height <= PIXEL_LIMIT) return;
  throw new Error(`${width} × ${height} pixels are more than the limit of ${PIXEL_LIMIT / 1e6} megapixels`);
}

/** By the first bytes, not by the name: a text called cat.jpg is no image, and libvips knows formats that are not for training. */
function imageFormat(bytes: Uint8Array): "jpeg" | "png" | "gif" | "webp" | "bmp" | undefined {
  const starts = (...codes: number[]) => codes.every((code, i) => bytes[i] === code);
  if (starts(0xff, 0xd8, 0xff)) return "jpeg";
  if (starts(0x89, 0x50, 0x4e, 0x47)) return "png";
  if (starts(0x47, 0x49, 0x46, 0x38)) return "gif";
  if (starts(0x42, 0x4d)) return "bmp";
  const isWebp = starts(0x52, 0x49, 0x46, 0x46) && [0x57, 0x45, 0x42, 0x50].every((code, i) => bytes[8 + i] === code);
  return isWebp ? "webp" : undefined;
}
