import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { normalizeInto } from "./normalization.js";
import { type Preprocessing, placementOf, plainResize, preprocess } from "./preprocessing.js";
import { resample } from "./resample.js";
import type { RgbImage } from "./rgb-image.js";

interface Case {
  readonly image: string;
  readonly family: string;
  readonly size: number;
  readonly mean: [number, number, number];
  readonly std: [number, number, number];
  readonly pixelSum: number[];
  readonly pixelSquareSum: number[];
  readonly samples: [y: number, x: number, red: number, green: number, blue: number][];
  readonly normalizedSum: number[];
  readonly expectedImage?: string;
}

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const { cases } = JSON.parse(readFileSync(fixture("preprocessing.json"), "utf8")) as { cases: Case[] };

const families: Record<string, Omit<Preprocessing, "mean" | "standardDeviation">> = {
  "timm-resnet-a1": { fit: "crop", cropFraction: 0.95, cropRounding: "half-even", interpolation: "bicubic" },
  "torchvision-v1": { fit: "crop", cropFraction: 0.875, cropRounding: "half-even", interpolation: "bilinear" },
  "torchvision-v2": { fit: "crop", cropFraction: 0.965, cropRounding: "half-even", interpolation: "bilinear" },
  "timm-vit-augreg": { fit: "crop", cropFraction: 0.9, cropRounding: "half-even", interpolation: "bicubic" },
  "hf-resnet": { fit: "crop", cropFraction: 0.875, cropRounding: "down", interpolation: "bicubic" },
  "hf-vit": { fit: "stretch", cropFraction: 1, cropRounding: "down", interpolation: "bilinear" },
};

/** As the fixtures were made: an alpha channel is dropped. */
async function readPng(name: string): Promise<RgbImage> {
  const { data, info } = await sharp(fixture(name)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

describe("preprocess", () => {
  it.each(cases)("gives Pillow's pixels for $image as $family wants it", async (entry) => {
    const { size } = entry;
    const pixels = preprocess(await readPng(entry.image), size, families[entry.family]!);
    for (const [y, x, ...colour] of entry.samples) {
      expect([...pixels.subarray((y * size + x) * 3, (y * size + x) * 3 + 3)]).toEqual(colour);
    }
    const sums = [0, 0, 0];
    const squares = [0, 0, 0];
    for (const [i, value] of pixels.entries()) {
      sums[i % 3]! += value;
      squares[i % 3]! += value * value;
    }
    expect(sums).toEqual(entry.pixelSum);
    expect(squares).toEqual(entry.pixelSquareSum);
    if (entry.expectedImage) expect(pixels).toEqual(new Uint8Array((await readPng(entry.expectedImage)).data));

    const input = new Float32Array(pixels.length);
    normalizeInto(input, 0, pixels, { mean: entry.mean, deviation: entry.std });
    const totals = [0, 0, 0];
    for (const [i, value] of input.entries()) totals[i % 3]! += value;
    for (const [channel, total] of totals.entries()) expect(total).toBeCloseTo(entry.normalizedSum[channel]!, 1);
  });

  it("makes a square even of an image of one pixel, and of one with a side of one pixel", () => {
    const dot = { width: 1, height: 1, data: Uint8Array.of(9, 8, 7) };
    expect(preprocess(dot, 2, plainResize)).toEqual(Uint8Array.from([9, 8, 7, 9, 8, 7, 9, 8, 7, 9, 8, 7]));
    const line = { width: 5000, height: 1, data: new Uint8Array(15_000).fill(50) };
    expect(new Set(preprocess(line, 32, plainResize))).toEqual(new Set([50]));
  });
});

describe("placementOf", () => {
  it("rounds the crop's odd pixel as the checkpoint's library does", () => {
    // 301 − 224 = 77: half-even goes to 38, and so does rounding down; 303 − 224 = 79 tells them apart.
    const at = (width: number, cropRounding: "down" | "half-even") =>
      placementOf(width, 224, 224, { ...plainResize, cropRounding }).left;
    expect([at(301, "half-even"), at(301, "down")]).toEqual([38, 38]);
    expect([at(303, "half-even"), at(303, "down")]).toEqual([40, 39]);
  });
});

describe("resample", () => {
  it("computes a window as the same part of the whole", async () => {
    const image = await readPng("small-157x113.png");
    const whole = resample(image, { width: 60, height: 40, interpolation: "bicubic" });
    const window = { left: 7, top: 5, width: 20, height: 9 };
    const part = resample(image, { width: 60, height: 40, interpolation: "bicubic", window });
    for (let y = 0; y < window.height; y++) {
      const start = ((window.top + y) * 60 + window.left) * 3;
      expect(part.data.subarray(y * 60, y * 60 + 60)).toEqual(whole.data.subarray(start, start + 60));
    }
  });

  it("leaves an image of the wanted size as it is", async () => {
    const image = await readPng("small-157x113.png");
    for (const interpolation of ["bilinear", "bicubic"] as const) {
      const same = resample(image, { width: 157, height: 113, interpolation });
      expect(same.data).toEqual(new Uint8Array(image.data));
    }
  });
});
