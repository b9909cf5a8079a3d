import { mkdtemp, readdir, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPixelFile, readPixels, writePixelFile } from "./pixel-file.js";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-pixels-"));
  path = join(folder, "x.pixels");
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const image = (width: number, height: number) => ({ width, height, pixels: new Uint8Array(width * 3).fill(width) });

describe("a file of decoded images", () => {
  it("finds each image again, whatever the order in which they came", async () => {
    await writePixelFile(path, 3, async (store) => {
      for (const number of [2, 0, 1]) await store(number, image(number + 5, 9));
    });
    const file = (await openPixelFile(path, 3))!;
    const { index, pixels } = await readPixels(file);
    await file.handle.close();
    for (const number of [0, 1, 2]) {
      expect([...index.sizes.subarray(number * 2, number * 2 + 2)]).toEqual([number + 5, 9]);
      const start = index.offsets[number]!;
      expect(new Set(pixels.subarray(start, start + (number + 5) * 3))).toEqual(new Set([number + 5]));
    }
  });

  it("does not appear before it is whole", async () => {
    const failing = writePixelFile(path, 2, async (store) => {
      await store(0, image(4, 4));
      throw new Error("interrupted");
    });
    await expect(failing).rejects.toThrow("interrupted");
    expect(await readdir(folder)).toEqual([]);
  });

  it("is not opened when it is cut off, or of another number of images", async () => {
    await writePixelFile(path, 2, async (store) => {
      for (const number of [0, 1]) await store(number, image(4, 4));
    });
    expect(await openPixelFile(path, 3)).toBeUndefined();
    await truncate(path, 70);
    expect(await openPixelFile(path, 2)).toBeUndefined();
  });
});
