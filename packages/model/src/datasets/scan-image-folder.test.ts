import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DatasetError } from "./dataset-error.js";
import { scanImageFolder } from "./scan-image-folder.js";

const shipped = new URL("../../../../datasets/fashion-mnist", import.meta.url).pathname;
const options = { valFraction: 0.15, testFraction: 0.1, splitSeed: 0 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-scan-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A PNG of one colour; different numbers give different bytes. */
async function colour(number: number): Promise<Buffer> {
  const background = { r: number & 255, g: number >> 8, b: 77 };
  return sharp({ create: { width: 6, height: 5, channels: 3, background } })
    .png()
    .toBuffer();
}

async function fill(name: string, count: number, from = 0): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  for (let i = 0; i < count; i++) await writeFile(join(folder, name, `${from + i}.png`), await colour(from + i));
}

/** The PNG with another size in its header, as a decompression bomb has it. */
function withStatedSize(png: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(png);
  changed.writeUInt32BE(width, 16);
  changed.writeUInt32BE(height, 20);
  changed.writeUInt32BE(crc32(changed.subarray(12, 29)), 29);
  return changed;
}

describe("scanImageFolder", () => {
  it("finds the shipped dataset whole, every class on every side of the split", async () => {
    const progress: number[] = [];
    const scan = await scanImageFolder(shipped, { ...options, onProgress: (done) => progress.push(done) });
    expect(scan.classes).toHaveLength(10);
    expect(scan.images).toHaveLength(1500);
    expect(scan.unreadable).toEqual([]);
    expect(scan.duplicates).toEqual([]);
    expect(progress.at(-1)).toBe(1500);
    for (const entry of scan.classes) {
      expect(entry.images).toBe(150);
      expect(entry.train).toBeGreaterThan(90);
      expect(entry.val).toBeGreaterThan(8);
      expect(entry.test).toBeGreaterThan(3);
    }
  });

  it("keeps every image on its side when others are added, and depends on the seed", async () => {
    await fill("a", 60);
    await fill("b", 60, 100);
    const before = await scanImageFolder(folder, options);
    await fill("a", 40, 200);
    await fill("c", 30, 300);
    const after = new Map((await scanImageFolder(folder, options)).images.map((image) => [image.path, image.split]));
    for (const image of before.images) expect(after.get(image.path)).toBe(image.split);

    const other = await scanImageFolder(folder, { ...options, splitSeed: 1 });
    expect(other.images.some((image) => after.get(image.path) !== image.split)).toBe(true);
  });

  it("gives a class of two images one in train and one in val", async () => {
    await fill("big", 30);
    for (const [index, name] of ["x", "y", "z"].entries()) await fill(name, 2, 1000 + index * 2);
    const scan = await scanImageFolder(folder, options);
    for (const entry of scan.classes.slice(1)) expect([entry.train, entry.val]).toEqual([1, 1]);
  });

  it("does not change its content hash when files are renamed, and changes it when a label does", async () => {
    await fill("a", 20);
    await fill("b", 20, 100);
    const { contentHash } = await scanImageFolder(folder, options);
    await rename(join(folder, "a", "3.png"), join(folder, "a", "renamed.png"));
    expect((await scanImageFolder(folder, options)).contentHash).toBe(contentHash);
    await rename(join(folder, "a", "4.png"), join(folder, "b", "4.png"));
    expect((await scanImageFolder(folder, options)).contentHash).not.toBe(contentHash);
  });

  it("lists damaged files with the reason and goes on without them", async () => {
    await fill("a", 20);
    await fill("b", 20, 100);
    const png = await colour(9999);
    await writeFile(join(folder, "a", "text.jpg"), "this is no image");
    await writeFile(join(folder, "a", "empty.png"), "");
    await writeFile(join(folder, "b", "truncated.png"), png.subarray(0, png.length - 30));
    await writeFile(join(folder, "b", "huge.png"), withStatedSize(png, 20_000, 20_000));

    const scan = await scanImageFolder(folder, options);
    expect(scan.images).toHaveLength(40);
    expect(scan.warnings.join(" ")).toContain(
      "4 files could not be read as images and were skipped: replace or remove",
    );
    const reasons = new Map(scan.unreadable.map((file) => [file.path, file.reason]));
    expect([...reasons.keys()].sort()).toEqual(["a/empty.png", "a/text.jpg", "b/huge.png", "b/truncated.png"]);
    expect(reasons.get("a/text.jpg")).toContain("not an image");
    expect(reasons.get("b/truncated.png")).toContain("damaged PNG");
    expect(reasons.get("b/huge.png")).toContain("20000 × 20000 pixels are more than the limit");
  });

  it("reports exact duplicates, keeps them on one side, and warns when they have two labels", async () => {
    await fill("a", 30);
    await fill("b", 30, 100);
    for (let i = 0; i < 10; i++) await cp(join(folder, "a", `${i}.png`), join(folder, "a", `copy-${i}.png`));
    await cp(join(folder, "a", "0.png"), join(folder, "b", "other-label.png"));
    const scan = await scanImageFolder(folder, options);
    expect(scan.duplicates).toHaveLength(10);
    const splitOf = new Map(scan.images.map((image) => [image.path, image.split]));
    for (const group of scan.duplicates) expect(new Set(group.paths.map((path) => splitOf.get(path))).size).toBe(1);
    expect(scan.warnings.join(" ")).toContain("more than one class");
  });

  it.each([
    ["an empty folder", async () => {}, "is empty"],
    ["a missing folder", async () => rm(folder, { recursive: true }), "There is no folder"],
    ["one class only", async () => fill("a", 30), 'one class only ("a")'],
    ["three images", async () => Promise.all([fill("a", 2), fill("b", 1, 50)]), "3 readable images"],
    ["images without class folders", async () => writeFile(join(folder, "1.png"), await colour(1)), "no class folders"],
    ["class folders without images", async () => mkdir(join(folder, "a")), "No images found"],
  ])("says what is wrong with %s", async (_, arrange, message) => {
    await arrange();
    const failure = scanImageFolder(folder, options);
    await expect(failure).rejects.toThrow(DatasetError);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toThrow(folder);
  });

  it("says so when the folder vanishes during the scan", async () => {
    await fill("a", 30);
    await fill("b", 30, 100);
    let moved: Promise<void> | undefined;
    const scan = scanImageFolder(folder, {
      ...options,
      onProgress: () => {
        moved ??= rename(folder, `${folder}-gone`);
      },
    });
    await expect(scan).rejects.toThrow("vanished while it was being read");
    await moved;
    await rename(`${folder}-gone`, folder);
  });

  it("stops when it is aborted", async () => {
    const controller = new AbortController();
    const scan = scanImageFolder(shipped, {
      ...options,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(scan).rejects.toThrow("aborted");
    expect(await readdir(shipped)).toContain("LICENSE");
  });
});
