import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { DatasetError } from "./dataset-error.js";
import { checkImage } from "./decode-image.js";
import { type ImageFile, listImageFolder } from "./image-folder.js";
import { mapConcurrently } from "./map-concurrently.js";
import { scanWarnings } from "./scan-warnings.js";
import { assignSplits, type Split, type SplitOptions } from "./split.js";

export interface ScanOptions extends SplitOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface ScannedImage {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** Index into the classes. */
  readonly class: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly contentHash: string;
  readonly split: Split;
}

export interface ScannedClass {
  readonly name: string;
  readonly images: number;
  readonly train: number;
  readonly val: number;
  readonly test: number;
}

/** What a folder of class folders holds. Everything but `path` depends on the content alone. */
export interface ImageFolderScan {
  readonly path: string;
  readonly classes: readonly ScannedClass[];
  /** The readable images, sorted by path. */
  readonly images: readonly ScannedImage[];
  /** SHA-256 over the sorted lines `<class name>\t<content hash>\n`: which images with which labels, whatever the files are called. */
  readonly contentHash: string;
  readonly duplicates: readonly { readonly contentHash: string; readonly paths: readonly string[] }[];
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  readonly warnings: readonly string[];
}

/** Fewer than this teach a network nothing and leave no image to check it with. */
const MINIMUM_IMAGES = 10;
const LARGEST_FILE_BYTES = 256 * 1024 * 1024;

/**
 * Reads and decodes every image below `folder`, finds exact duplicates and damaged files, and splits the images. Throws a DatasetError
 * that names the folder and what to do when there is nothing to train on, and the signal's reason when it is aborted.
 */
export async function scanImageFolder(folder: string, options: ScanOptions): Promise<ImageFolderScan> {
  const listing = await listImageFolder(folder);
  let done = 0;
  const results = await mapConcurrently(listing.files, Math.max(2, availableParallelism()), async (file) => {
    options.signal?.throwIfAborted();
    const result = await inspect(folder, file);
    done++;
    options.onProgress?.(done, listing.files.length);
    return result;
  });

  const unreadable = results.filter((result) => "reason" in result);
  const readable = results.filter((result) => "contentHash" in result);
  checkEnough(folder, listing.classes, readable, unreadable.length);

  // A class whose images are all unreadable is no class: its number would have no examples.
  const used = new Set(readable.map((image) => image.class));
  const present = listing.classes.filter((_, index) => used.has(index));
  const classOf = new Map(listing.classes.map((name, index) => [index, present.indexOf(name)]));
  const hashes: string[][] = present.map(() => []);
  for (const image of readable) hashes[classOf.get(image.class)!]!.push(image.contentHash);
  const splits = assignSplits(hashes, options);
  const images = readable.map((image) => ({
    path: image.path,
    class: classOf.get(image.class)!,
    contentHash: image.contentHash,
    split: splits.get(image.contentHash)!,
  }));
  const classes = countClasses(present, images);
  const duplicates = findDuplicates(images);
  return {
    path: folder,
    classes,
    images,
    contentHash: hashOfContent(images, present),
    duplicates,
    unreadable,
    warnings: scanWarnings({ listing, classes, images, duplicates, unreadable: unreadable.length }),
  };
}

type Inspected = (ImageFile & { readonly contentHash: string }) | { readonly path: string; readonly reason: string };

async function inspect(folder: string, file: ImageFile): Promise<Inspected> {
  try {
    const { size } = await stat(join(folder, file.path));
    if (size > LARGEST_FILE_BYTES)
      return { path: file.path, reason: `the file has ${Math.round(size / 1e6)} MB, the limit is 268 MB` };
    const bytes = await readFile(join(folder, file.path));
    await checkImage(bytes);
    return { ...file, contentHash: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && !(await exists(folder))) {
      throw new DatasetError(`The folder ${folder} vanished while it was being read. Bring it back and scan again.`);
    }
    return { path: file.path, reason: code === "ENOENT" ? "the file vanished during the scan" : message };
  }
}

function checkEnough(
  folder: string,
  classes: readonly string[],
  readable: readonly ImageFile[],
  unreadable: number,
): void {
  const present = new Set(readable.map((image) => image.class));
  const damaged = unreadable > 0 ? ` ${unreadable} files could not be read as images.` : "";
  if (readable.length > 0 && present.size === 1) {
    const [only] = present;
    throw new DatasetError(
      `The folder ${folder} has images of one class only ("${classes[only!]}"). A classifier needs at least two: add a second class folder.${damaged}`,
    );
  }
  if (readable.length < MINIMUM_IMAGES) {
    throw new DatasetError(
      `The folder ${folder} has ${readable.length} readable images; at least ${MINIMUM_IMAGES} are needed to train and check a network. Add images to the class folders.${damaged}`,
    );
  }
}

function countClasses(names: readonly string[], images: readonly ScannedImage[]): ScannedClass[] {
  const counts = names.map((name) => ({ name, images: 0, train: 0, val: 0, test: 0 }));
  for (const image of images) {
    const count = counts[image.class]!;
    count.images++;
    count[image.split]++;
  }
  return counts;
}

function findDuplicates(images: readonly ScannedImage[]): ImageFolderScan["duplicates"] {
  const byHash = new Map<string, string[]>();
  for (const { contentHash, path } of images) {
    const paths = byHash.get(contentHash);
    if (paths) paths.push(path);
    else byHash.set(contentHash, [path]);
  }
  return [...byHash].filter(([, paths]) => paths.length > 1).map(([contentHash, paths]) => ({ contentHash, paths }));
}

function hashOfContent(images: readonly ScannedImage[], classes: readonly string[]): string {
  const lines = images.map((image) => `${classes[image.class]}\t${image.contentHash}\n`).sort();
  return createHash("sha256").update(lines.join("")).digest("hex");
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
