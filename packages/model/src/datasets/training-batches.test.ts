import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { augment } from "./augment.js";
import { loadImages } from "./load-images.js";
import { normalizationOf, normalizeInto } from "./normalization.js";
import { makeRoom, touch } from "./pixel-cache.js";
import { imageBytes, memoryStore, openShard, type PixelStore, writeShard } from "./pixel-store.js";
import { Random } from "./random.js";
import { type ImageFolderScan, scanImageFolder } from "./scan-image-folder.js";
import { imagesOfSplit, stratifiedSubset } from "./subset.js";
import { TrainingBatches } from "./training-batches.js";

const shipped = new URL("../../../../datasets/fashion-mnist", import.meta.url).pathname;
const splitOptions = { valFraction: 0.15, testFraction: 0.1, splitSeed: 0 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-batches-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Image i is filled with i, so that a pixel tells which image it came from. */
function numbered(count: number, imageSize: number): Uint8Array {
  return Uint8Array.from({ length: count * imageBytes(imageSize) }, (_, i) => Math.floor(i / imageBytes(imageSize)));
}

describe("TrainingBatches", () => {
  const identity = { mean: [0, 0, 0], deviation: [1 / 255, 1 / 255, 1 / 255] } as const;
  const batches = (seed: number) =>
    new TrainingBatches({
      store: memoryStore(numbered(10, 4), 4),
      indices: Uint32Array.from({ length: 10 }, (_, i) => i),
      labels: Uint16Array.from({ length: 10 }, (_, i) => i),
      batchSize: 3,
      augmentation: "STANDARD",
      normalization: identity,
      seed,
    });

  it("shows every image at most once an epoch, with its own label, and drops the partial batch", async () => {
    const run = batches(1);
    expect(run.stepsPerEpoch).toBe(3);
    for (let epoch = 0; epoch < 4; epoch++) {
      const seen: number[] = [];
      for (let step = 0; step < 3; step++) seen.push(...(await run.batch(epoch * 3 + step)).labels);
      expect(new Set(seen).size).toBe(9);
    }
  });

  it("pairs pixels with labels", async () => {
    const run = new TrainingBatches({
      store: memoryStore(numbered(10, 4), 4),
      indices: Uint32Array.of(9, 4, 7),
      labels: Uint16Array.of(0, 1, 2),
      batchSize: 3,
      augmentation: "NONE",
      normalization: identity,
      seed: 0,
    });
    const { images, labels } = await run.batch(0);
    const imageOf = [9, 4, 7];
    for (let i = 0; i < 3; i++) expect(images[i * imageBytes(4)]).toBeCloseTo(imageOf[labels[i]!]!, 4);
  });

  it("gives the same batch for the same seed and step, whatever came before, and others for other seeds and epochs", async () => {
    const copy = async (run: TrainingBatches, step: number) => {
      const { images, labels } = await run.batch(step);
      return { images: images.slice(), labels: labels.slice() };
    };
    const once = batches(1);
    await once.batch(0);
    await once.batch(1);
    const later = await copy(once, 7);
    expect(await copy(batches(1), 7)).toEqual(later);
    expect(await copy(batches(2), 7)).not.toEqual(later);
    expect(await copy(batches(1), 4)).not.toEqual(later);
  });
});

describe("augment", () => {
  const source = Uint8Array.from({ length: imageBytes(8) }, (_, i) => (i * 37) & 255);

  it("leaves the image alone at NONE, stays within 0 … 255 and varies at the other levels", () => {
    const target = new Float32Array(source.length);
    augment(source, target, 8, "NONE", new Random(1));
    expect([...target]).toEqual([...source]);
    for (const level of ["LIGHT", "STANDARD", "HEAVY"] as const) {
      const variants = new Set<string>();
      for (let seed = 0; seed < 20; seed++) {
        augment(source, target, 8, level, new Random(seed));
        expect(Math.min(...target)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...target)).toBeLessThanOrEqual(255);
        variants.add(target.join());
      }
      expect(variants.size).toBe(20);
    }
  });

  it("leaves an even grey even but for what is erased: nothing is drawn in from outside the image", () => {
    const grey = new Uint8Array(imageBytes(8)).fill(100);
    const target = new Float32Array(grey.length);
    for (let seed = 0; seed < 20; seed++) {
      augment(grey, target, 8, "LIGHT", new Random(seed));
      for (const value of target) expect(value).toBeCloseTo(100, 3);
    }
  });
});

describe("normalizeInto", () => {
  it("turns bytes into what the families' weights expect", () => {
    const target = new Float32Array(6);
    normalizeInto(target, 0, [0, 0, 0, 255, 255, 255], normalizationOf("vit"));
    expect([...target]).toEqual([-1, -1, -1, 1, 1, 1]);
    normalizeInto(target, 0, [0, 0, 0, 255, 255, 255], normalizationOf("resnet"));
    expect(target[0]).toBeCloseTo(-0.485 / 0.229, 5);
    expect(target[5]).toBeCloseTo((1 - 0.406) / 0.225, 5);
  });
});

describe("loadImages", () => {
  let scan: ImageFolderScan;
  beforeAll(async () => {
    scan = await scanImageFolder(shipped, splitOptions);
  });

  it("gives the same pixels decoded, from the kept file in memory and from the file on disk, without the folder", async () => {
    const images = imagesOfSplit(scan, "val").slice(0, 40);
    const options = { folder: shipped, imageSize: 32, cacheDirectory: join(folder, "pixels") };
    const gone = { ...options, folder: join(folder, "gone") };
    const pixelsOf = async (store: PixelStore) => {
      const pixels = new Uint8Array(3 * imageBytes(32));
      await store.read([5, 39, 0], pixels);
      await store.close();
      return pixels;
    };
    const decoded = await pixelsOf(await loadImages(images, options));
    expect(new Set(decoded).size).toBeGreaterThan(20);
    expect(await pixelsOf(await loadImages(images, gone))).toEqual(decoded);
    expect(await pixelsOf(await loadImages(images, { ...gone, memoryLimitBytes: 0 }))).toEqual(decoded);

    const direct = { ...options, memoryLimitBytes: 0, cacheDirectory: join(folder, "other") };
    expect(await pixelsOf(await loadImages(images, direct))).toEqual(decoded);
    await expect(loadImages(images, { ...gone, imageSize: 16 })).rejects.toThrow("vanished or was changed");
  });

  it("does not need the space to keep what it decoded, as long as it fits into memory", async () => {
    const options = { folder: shipped, imageSize: 32, cacheDirectory: "/dev/full/pixels" };
    const store = await loadImages(scan.images.slice(0, 3), options);
    expect(store.count).toBe(3);
  });

  it("refuses an image that is another than the scanned one", async () => {
    const [first, second] = scan.images;
    const swapped = [{ ...first!, contentHash: second!.contentHash }];
    const options = { folder: shipped, imageSize: 32, cacheDirectory: folder };
    await expect(loadImages(swapped, options)).rejects.toThrow(/has changed since the dataset was scanned/);
  });
});

describe("makeRoom", () => {
  it("removes the shards that were not used for longest, and nothing else", async () => {
    for (const [index, name] of ["a.pixels", "b.pixels", "c.pixels", "notes.txt"].entries()) {
      await writeFile(join(folder, name), new Uint8Array(100));
      await utimes(join(folder, name), 1000 + index, 1000 + index);
    }
    await touch(join(folder, "a.pixels"));
    await makeRoom(folder, 100, 300);
    expect((await readdir(folder)).sort()).toEqual(["a.pixels", "c.pixels", "notes.txt"]);
  });
});

describe("writeShard", () => {
  it("leaves no file behind that is not whole", async () => {
    const file = join(folder, "x.pixels");
    const failing = writeShard(file, 4, async (store) => {
      await store(0, new Uint8Array(imageBytes(4)));
      throw new Error("interrupted");
    });
    await expect(failing).rejects.toThrow("interrupted");
    expect(await readdir(folder)).toEqual([]);
    await writeFile(file, new Uint8Array(10));
    expect(await openShard(file, 2, 4)).toBeUndefined();
  });
});

describe("stratifiedSubset", () => {
  const images = [100, 50, 3].flatMap((count, label) =>
    Array.from({ length: count }, (_, i) => ({
      path: `${label}/${i}`,
      class: label,
      contentHash: String((i * 7919) % 1000).padStart(4, "0"),
      split: "train" as const,
    })),
  );
  const ordered = imagesOfSplit({ images }, "train");

  it.each([3, 10, 77, 152])("keeps the shares of the classes with %i images, at least one each", (size) => {
    const subset = stratifiedSubset(ordered, size);
    expect(subset).toHaveLength(size);
    const counts = [0, 1, 2].map((label) => subset.filter((image) => image.class === label).length);
    for (const [label, total] of [100, 50, 3].entries()) {
      expect(counts[label]).toBeGreaterThanOrEqual(1);
      expect(Math.abs(counts[label]! - (total * size) / 153)).toBeLessThanOrEqual(1.5);
    }
  });

  it("holds a smaller choice within a larger one", () => {
    const larger = new Set(stratifiedSubset(ordered, 60));
    for (const image of stratifiedSubset(ordered, 30)) expect(larger.has(image)).toBe(true);
  });

  it("is everything when more is asked for than there is", () => {
    expect(stratifiedSubset(ordered, 1000)).toEqual(ordered);
  });
});
