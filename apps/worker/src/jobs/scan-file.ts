import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ImageFolderScan } from "@residual/model";

/** A scan as it lies on the worker's disk, with the question that it answers. */
interface ScanFile {
  readonly splitOptions: SplitChoice;
  readonly scan: ImageFolderScan;
}

interface SplitChoice {
  readonly valFraction: number;
  readonly testFraction: number;
  readonly splitSeed: number;
}

/** Keeps a scan, so that every run on these images need not read them all again. Loading checks each file's content anyway. */
export async function keepScan(
  folder: string,
  dataset: string,
  splitOptions: SplitChoice,
  scan: ImageFolderScan,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${dataset}.json`);
  const file: ScanFile = { splitOptions, scan };
  await writeFile(`${path}.tmp`, JSON.stringify(file));
  await rename(`${path}.tmp`, path);
}

/** The kept scan of a dataset, if it is of this folder, this split and this content. */
export async function findScan(
  folder: string,
  dataset: { readonly id: string; readonly path: string; readonly contentHash: string | null },
  splitOptions: SplitChoice,
): Promise<ImageFolderScan | undefined> {
  const text = await readFile(join(folder, `${dataset.id}.json`), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const file = JSON.parse(text) as ScanFile;
    const isSame =
      file.scan.path === dataset.path &&
      file.scan.contentHash === dataset.contentHash &&
      file.splitOptions.valFraction === splitOptions.valFraction &&
      file.splitOptions.testFraction === splitOptions.testFraction &&
      file.splitOptions.splitSeed === splitOptions.splitSeed;
    return isSame ? file.scan : undefined;
  } catch {
    // A file that was cut by a full disk is no scan; it is made anew.
    return undefined;
  }
}
