import { Random } from "@residual/shared";
import { describe, expect, it } from "vitest";
import type { StoredImage } from "../stored-image.js";
import { rotation, shear, transform, translation } from "./affine.js";
import { augment } from "./augment.js";
import { drawMix } from "./mix.js";
import { randAugment } from "./rand-augment.js";
import { randomCrop } from "./random-crop.js";

const levels = ["LIGHT", "STANDARD", "HEAVY"] as const;

function stored(width: number, height: number, colour?: number): StoredImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => colour ?? (i * 37) & 255);
  return { width, height, data, cropLeft: 2, cropTop: 0, pixelAspect: 1 };
}

describe("augment", () => {
  it("is evaluation's crop at NONE, and leaves the stored image alone at every level", () => {
    const image = stored(12, 8);
    const before = image.data.slice();
    const pixels = augment(image, 8, "NONE", new Random(1));
    expect([...pixels.subarray(0, 24)]).toEqual([...before.subarray(6, 30)]);
    for (const level of [...levels, "NONE"] as const) augment(image, 8, level, new Random(1)).fill(0);
    expect(image.data).toEqual(before);
  });

  it("varies at the other levels, as the seed says", () => {
    const image = stored(12, 8);
    for (const level of levels) {
      const variants = new Set<string>();
      for (let seed = 0; seed < 20; seed++) {
        const pixels = augment(image, 8, level, new Random(seed));
        expect(pixels).toHaveLength(8 * 8 * 3);
        expect(augment(image, 8, level, new Random(seed))).toEqual(pixels);
        variants.add(pixels.join());
      }
      // Of so small an image two variations may be the same by chance.
      expect(variants.size).toBeGreaterThanOrEqual(18);
    }
  });

  it("draws nothing in from outside the image when it crops", () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(new Set(augment(stored(12, 8, 100), 8, "LIGHT", new Random(seed)))).toEqual(new Set([100]));
    }
  });

  it("mirrors about half of the images", () => {
    const image = stored(16, 16);
    for (let i = 0; i < image.data.length; i++) image.data[i] = Math.floor(i / 3) % 16 < 8 ? 0 : 200;
    let mirrored = 0;
    for (let seed = 0; seed < 200; seed++) {
      const pixels = augment(image, 8, "LIGHT", new Random(seed));
      if (pixels[0]! > pixels[21]!) mirrored++;
    }
    expect(mirrored).toBeGreaterThan(70);
    expect(mirrored).toBeLessThan(130);
  });
});

describe("randomCrop", () => {
  it("stays inside, keeps the area and the ratio within their bounds, and reaches everywhere", () => {
    let least = 1;
    const lefts = new Set<number>();
    for (let seed = 0; seed < 500; seed++) {
      const { left, top, width, height } = randomCrop(100, 80, 0.35, new Random(seed));
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(100);
      expect(top + height).toBeLessThanOrEqual(80);
      const area = (width * height) / 8000;
      // Sides are whole pixels.
      expect(area).toBeGreaterThan(0.34);
      expect(width / height).toBeGreaterThan(0.73);
      expect(width / height).toBeLessThan(1.37);
      least = Math.min(least, area);
      lefts.add(left);
    }
    expect(least).toBeLessThan(0.4);
    expect(lefts.size).toBeGreaterThan(30);
  });

  it("takes the middle of an image that is too long for every attempt", () => {
    expect(randomCrop(300, 30, 0.9, new Random(0))).toEqual({ left: 130, top: 0, width: 40, height: 30 });
  });
});

describe("randAugment", () => {
  it("reaches every change, and changes nothing at magnitude 0 but what has no magnitude", () => {
    const image = stored(16, 16);
    const at = (magnitude: number) => {
      const seen = new Set<string>();
      for (let seed = 0; seed < 400; seed++) {
        const pixels = image.data.slice();
        randAugment(pixels, 16, 1, magnitude, new Random(seed));
        seen.add(pixels.join());
      }
      return seen.size;
    };
    // 14 changes, nine of them in two directions.
    expect(at(9)).toBeGreaterThanOrEqual(21);
    // Autocontrast and equalisation have no magnitude, and this image spans all levels.
    expect(at(0)).toBeLessThanOrEqual(3);
  });
});

describe("transform", () => {
  const size = 8;
  const source = stored(size, size).data;

  it("moves by whole pixels exactly, with grey behind", () => {
    const pixels = source.slice();
    transform(pixels, size, translation(2, 0));
    for (let y = 0; y < size; y++) {
      const row = y * size * 3;
      expect(pixels.subarray(row, row + 18)).toEqual(source.subarray(row + 6, row + 24));
      expect([...pixels.subarray(row + 18, row + 24)]).toEqual([128, 128, 128, 128, 128, 128]);
    }
  });

  it("turns by a quarter exactly, and back", () => {
    const pixels = source.slice();
    transform(pixels, size, rotation(90));
    expect(pixels).not.toEqual(source);
    const belowLeft = (size - 1) * size * 3;
    expect([...pixels.subarray(0, 3)]).toEqual([...source.subarray(belowLeft, belowLeft + 3)]);
    transform(pixels, size, rotation(-90));
    expect(pixels).toEqual(source);
  });

  it("shears about the centre: the upper half one way, the lower the other", () => {
    const pixels = source.slice();
    transform(pixels, size, shear(2 / 7, 0));
    const middle = (y: number) => [...pixels.subarray((y * size + 4) * 3, (y * size + 4) * 3 + 3)];
    expect(middle(0)).toEqual([...source.subarray(9, 12)]);
    expect(middle(7)).toEqual([...source.subarray((7 * size + 5) * 3, (7 * size + 5) * 3 + 3)]);
  });
});

describe("drawMix", () => {
  const random = new Random(3);
  const shares = (mixup: number, cutmix: number) =>
    Array.from({ length: 2000 }, () => drawMix(mixup, cutmix, 64, random)!);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it("draws shares from Beta(α, α): around a half, the wider the smaller α", () => {
    for (const alpha of [0.2, 1, 2]) {
      const drawn = shares(alpha, 0).map(({ share }) => share);
      expect(mean(drawn)).toBeCloseTo(0.5, 1);
      const variance = mean(drawn.map((share) => (share - 0.5) ** 2));
      expect(variance).toBeCloseTo(1 / (4 * (2 * alpha + 1)), 1.7);
    }
  });

  it("blends and pastes in turn where both are asked for, and does nothing where none is", () => {
    const pasted = shares(0.2, 1).filter(({ kind }) => kind === "paste").length;
    expect(pasted).toBeGreaterThan(800);
    expect(pasted).toBeLessThan(1200);
    expect(drawMix(0, 0, 64, random)).toBeUndefined();
  });
});
