import { createHash } from "node:crypto";
import type { ImageFolderScan, ScannedImage } from "./scan-image-folder.js";
import type { Split } from "./split.js";

/**
 * The images of one split in the order in which predictions and losses are reported: by class, within a class by content. So the labels
 * follow from the classes' counts, and the order does not depend on what files are called.
 */
export function imagesOfSplit(scan: Pick<ImageFolderScan, "images">, split: Split): ScannedImage[] {
  return scan.images.filter((image) => image.split === split).sort(byClassAndContent);
}

/** SHA-256 over `<class name>\t<content hash>\n` in this order: which images with which labels, for what is reported image by image. */
export function hashOfImages(scan: Pick<ImageFolderScan, "classes">, images: readonly ScannedImage[]): string {
  const hash = createHash("sha256");
  for (const image of images) hash.update(`${scan.classes[image.class]!.name}\t${image.contentHash}\n`);
  return hash.digest("hex");
}

/**
 * At most `size` of the images, as many of each class as its share (largest remainder), at least one a class where `size` allows. Within
 * a class those with the smallest content hash: a draw that every run on these images repeats, and of which a larger one holds a smaller.
 * Expects and keeps the order of `imagesOfSplit`.
 */
export function stratifiedSubset(images: readonly ScannedImage[], size: number): ScannedImage[] {
  if (size >= images.length) return [...images];
  const classes = new Map<number, ScannedImage[]>();
  for (const image of images) {
    const members = classes.get(image.class);
    if (members) members.push(image);
    else classes.set(image.class, [image]);
  }
  const groups = [...classes.values()].map((members) => {
    const share = (size * members.length) / images.length;
    return { members, share, taken: Math.max(Math.floor(share), size >= classes.size ? 1 : 0) };
  });
  let missing = size - groups.reduce((sum, group) => sum + group.taken, 0);
  const byRemainder = [...groups].sort((a, b) => b.share - b.taken - (a.share - a.taken));
  for (let i = 0; missing > 0; i = (i + 1) % byRemainder.length) {
    const group = byRemainder[i]!;
    if (group.taken === group.members.length) continue;
    group.taken++;
    missing--;
  }
  // The one image that every class is granted may have overdrawn the size.
  for (const group of [...groups].sort((a, b) => b.taken - a.taken)) {
    while (missing < 0 && group.taken > 1) {
      group.taken--;
      missing++;
    }
  }
  return groups.flatMap((group) => group.members.slice(0, group.taken));
}

function byClassAndContent(a: ScannedImage, b: ScannedImage): number {
  if (a.class !== b.class) return a.class - b.class;
  if (a.contentHash !== b.contentHash) return a.contentHash < b.contentHash ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}
