import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DatasetError } from "./dataset-error.js";
import { type LoadOptions, loadImages } from "./load-images.js";
import { imageBytes, type PixelStore, sharedFloats } from "./pixel-store.js";
import { plainResize, preprocess, type ResizeAndCrop } from "./preprocessing.js";
import { type ImageFolderScan, scanImageFolder } from "./scan-image-folder.js";
import { imagesOfSplit } from "./subset.js";

const shipped = new URL("../../../../datasets/fashion-mnist", import.meta.url).pathname;
const splitOptions = { valFraction: 0.15, testFraction: 0.1, splitSeed: 0 };
const identity = { mean: [0, 0, 0], deviation: [1 / 255, 1 / 255, 1 / 255] } as const;

let folder: string;
let options: LoadOptions;
let opened: PixelStore[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-load-"));
  options = { folder: shipped, imageSize: 32, cacheDirectory: join(folder, "pixels"), threads: 1 };
  opened = [];
});
afterEach(async () => {
  for (const store of opened) await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function load(images: Parameters<typeof loadImages>[0], changed: Partial<LoadOptions> = {}): Promise<PixelStore> {
  const store = await loadImages(images, { ...options, ...changed });
  opened.push(store);
  return store;
}

/** Images as evaluation sees them, in bytes. */
async function pixelsOf(store: PixelStore, images: number[]): Promise<Uint8Array> {
  return Uint8Array.from(await batchOf(store, images, "NONE"), Math.round);
}

/** Images as training sees them. */
function variationsOf(store: PixelStore, images: number[]): Promise<Float32Array> {
  return batchOf(store, images, "HEAVY");
}

async function batchOf(store: PixelStore, images: number[], level: "NONE" | "HEAVY"): Promise<Float32Array> {
  const batch = sharedFloats(images.length * imageBytes(store.imageSize));
  const groups = images.map((image, position) => ({ slots: [{ image, position, seed: position }] as const }));
  await store.fill({ batch, groups, level, normalization: identity });
  return batch.slice();
}

/** A folder of two classes with photos of several shapes. */
async function photos(): Promise<ImageFolderScan> {
  for (const [index, [width, height]] of [
    [90, 40],
    [40, 90],
    [64, 64],
    [200, 20],
    [33, 50],
  ].entries()) {
    for (const name of ["a", "b"]) {
      await mkdir(join(folder, "photos", name), { recursive: true });
      const count = width! * height! * 3;
      const pixels = Uint8Array.from({ length: count }, (_, i) => (i * (index + 3)) / (name === "a" ? 7 : 5));
      await sharp(pixels, { raw: { width: width!, height: height!, channels: 3 } })
        .png()
        .toFile(join(folder, "photos", name, `${index}.png`));
    }
  }
  return scanImageFolder(join(folder, "photos"), splitOptions);
}

function colour(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: { r: 200, g: 100, b: 50 } } });
}

describe("loadImages", () => {
  let scan: ImageFolderScan;
  beforeAll(async () => {
    scan = await scanImageFolder(shipped, splitOptions);
  });

  it("gives the same pixels from memory, from the file and decoded each time; but for the last, without the folder", async () => {
    const images = imagesOfSplit(scan, "val").slice(0, 40);
    const some = [5, 39, 0];
    const first = await load(images);
    const pixels = await pixelsOf(first, some);
    const variations = await variationsOf(first, some);
    expect(first.kind).toBe("memory");
    expect(new Set(pixels).size).toBeGreaterThan(20);

    const gone = { folder: join(folder, "gone") };
    const stores = [
      await load(images, gone),
      await load(images, { ...gone, memoryLimitBytes: 0 }),
      await load(images, { cacheLimitBytes: 0, cacheDirectory: join(folder, "other") }),
    ];
    expect(stores.map((store) => store.kind)).toEqual(["memory", "file", "folder"]);
    for (const store of stores) {
      expect(store.count).toBe(40);
      expect(await pixelsOf(store, some)).toEqual(pixels);
      expect(await variationsOf(store, some)).toEqual(variations);
    }
    await expect(load(images, { ...gone, imageSize: 16 })).rejects.toThrow("vanished or was changed");
  });

  const rules: Record<string, ResizeAndCrop> = {
    plain: plainResize,
    crop: { fit: "crop", cropFraction: 0.875, cropRounding: "down", interpolation: "bilinear" },
    stretch: { fit: "stretch", cropFraction: 1, cropRounding: "down", interpolation: "bilinear" },
  };
  it.each(Object.keys(rules))("shows evaluation what the checkpoint wants: %s", async (name) => {
    const { images, path } = await photos();
    const preprocessing = rules[name]!;
    const store = await load(images, { folder: path, preprocessing });
    for (const [index, image] of images.entries()) {
      const { data, info } = await sharp(join(path, image.path)).raw().toBuffer({ resolveWithObject: true });
      const expected = preprocess({ width: info.width, height: info.height, data }, 32, preprocessing);
      expect(await pixelsOf(store, [index])).toEqual(expected);
    }
  });

  it("decodes anew for another way to resize", async () => {
    const { images, path } = await photos();
    const plain = await pixelsOf(await load(images, { folder: path }), [0]);
    const other = await load(images, { folder: path, preprocessing: rules.crop });
    expect(await pixelsOf(other, [0])).not.toEqual(plain);
    expect(await readdir(options.cacheDirectory)).toHaveLength(2);
  });

  it("reads from the folder all along where nothing can be kept", async () => {
    const images = scan.images.slice(0, 3);
    const store = await load(images, { cacheDirectory: "/dev/full/pixels" });
    expect(store.kind).toBe("folder");
    expect(await pixelsOf(store, [2])).toEqual(await pixelsOf(await load(images), [2]));
  });

  it("refuses an image that is another than the scanned one, and leaves no file behind", async () => {
    const [first, second] = scan.images;
    const swapped = load([{ ...first!, contentHash: second!.contentHash }]);
    await expect(swapped).rejects.toThrow(DatasetError);
    await expect(swapped).rejects.toThrow(
      `${join(shipped, first!.path)} has changed since the dataset was scanned. Scan`,
    );
    expect(await readdir(options.cacheDirectory)).toEqual([]);
  });

  it("says which file is gone when a class vanishes between the scan and the run", async () => {
    const { images, path } = await photos();
    await rm(join(path, "b"), { recursive: true });
    const failure = load(images, { folder: path });
    await expect(failure).rejects.toThrow(DatasetError);
    await expect(failure).rejects.toThrow(/photos\/b\/\d\.png is gone.*Bring it back, or scan the dataset again/);
  });

  it("notices a file that is replaced while it is still read from the folder, and goes on with the others", async () => {
    const { images, path } = await photos();
    const store = await load(images, { folder: path, cacheLimitBytes: 0 });
    await variationsOf(store, [0, 1]);
    await cp(join(path, images[2]!.path), join(path, images[1]!.path));
    await expect(variationsOf(store, [0, 1])).rejects.toThrow(`${images[1]!.path} has changed since`);
    await expect(variationsOf(store, [0, 1])).rejects.toThrow(DatasetError);
    expect(await variationsOf(store, [0])).toHaveLength(imageBytes(32));
  });

  it("does not mind what happens to the folder once the images are kept", async () => {
    const { images, path } = await photos();
    const store = await load(images, { folder: path });
    const before = await variationsOf(store, [0, 3]);
    await rename(path, `${path}-gone`);
    expect(await variationsOf(store, [0, 3])).toEqual(before);
  });

  it("keeps of a panorama what three squares hold, and crops it as evaluation does", async () => {
    const { images, path } = await photos();
    const panorama = images.findIndex((image) => image.path.endsWith("3.png"));
    const store = await load([images[panorama]!], { folder: path, memoryLimitBytes: 0 });
    const { data, info } = await sharp(join(path, images[panorama]!.path)).raw().toBuffer({ resolveWithObject: true });
    const whole = { width: info.width, height: info.height, data };
    expect(await pixelsOf(store, [0])).toEqual(preprocess(whole, 32, plainResize));
    const [file] = await readdir(options.cacheDirectory);
    const head = 24 + 16;
    expect((await stat(join(options.cacheDirectory, file!))).size).toBe(head + 32 * 96 * 3);
  });

  it("takes images that are out of the ordinary: of one pixel, animated, of four inks, of sixteen bits, grey", async () => {
    const files: Record<string, Buffer> = {
      "dot.png": await colour(1, 1).png().toBuffer(),
      "frames.gif": await sharp(Buffer.from(Array.from({ length: 40 * 20 * 3 }, (_, i) => (i < 1200 ? 200 : 10))), {
        raw: { width: 20, height: 40, channels: 3, pageHeight: 20 },
        animated: true,
      })
        .gif()
        .toBuffer(),
      "inks.jpg": await colour(50, 30).toColourspace("cmyk").jpeg().toBuffer(),
      "deep.png": await colour(30, 50).toColourspace("rgb16").png().toBuffer(),
      "grey.png": await colour(40, 40).toColourspace("b-w").png().toBuffer(),
    };
    await mkdir(join(folder, "odd"));
    const images: { path: string; contentHash: string }[] = [];
    for (const [name, bytes] of Object.entries(files)) {
      await writeFile(join(folder, "odd", name), bytes);
      images.push({ path: `odd/${name}`, contentHash: createHash("sha256").update(bytes).digest("hex") });
    }
    const store = await load(images, { folder });
    expect(new Set(await pixelsOf(store, [1]))).toEqual(new Set([200]));
    for (const index of [0, 3]) expect(new Set(await pixelsOf(store, [index]))).toEqual(new Set([200, 100, 50]));
    expect((await variationsOf(store, [0, 1, 2, 3, 4])).every(Number.isFinite)).toBe(true);
  });

  it("stops when it is aborted", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("enough"));
    await expect(load(scan.images, { signal: controller.signal, onProgress })).rejects.toThrow("enough");
    expect(await readdir(options.cacheDirectory)).toEqual([]);
  });

  it("decodes anew where the kept file was cut off", async () => {
    const images = scan.images.slice(0, 3);
    const pixels = await pixelsOf(await load(images), [0, 1, 2]);
    const [file] = await readdir(options.cacheDirectory);
    await writeFile(join(options.cacheDirectory, file!), new Uint8Array(100));
    expect(await pixelsOf(await load(images), [0, 1, 2])).toEqual(pixels);
  });
});
