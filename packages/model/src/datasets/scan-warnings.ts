import type { ImageFolder } from "./image-folder.js";
import type { ImageFolderScan } from "./scan-image-folder.js";

/** A val split below this cannot tell models apart that differ by ten percentage points. */
const SMALL_VAL = 100;
const SMALL_VAL_CLASS = 5;
const IMBALANCE = 10;

/** What a person should know about a dataset before training on it, one sentence each. */
export function scanWarnings(
  scan: Pick<ImageFolderScan, "classes" | "images" | "duplicates"> & { listing: ImageFolder; unreadable: number },
): string[] {
  const { classes, images, duplicates, listing, unreadable } = scan;
  const warnings: string[] = [];
  if (listing.emptyClasses.length > 0) {
    warnings.push(`Folders without images were left out: ${list(listing.emptyClasses)}.`);
  }
  if (unreadable > 0) {
    warnings.push(
      `${unreadable} files could not be read as images and were skipped: replace or remove them, and scan again.`,
    );
  }
  if (listing.otherFiles > 0) warnings.push(`${listing.otherFiles} files are of other types and were passed over.`);

  const classOf = new Map(images.map((image) => [image.path, image.class]));
  const mislabelled = duplicates.filter((group) => new Set(group.paths.map((path) => classOf.get(path))).size > 1);
  if (mislabelled.length > 0) {
    warnings.push(
      `${mislabelled.length} images lie in more than one class (${list(mislabelled[0]!.paths)}): one of the labels must be wrong.`,
    );
  }
  const val = classes.reduce((sum, { val }) => sum + val, 0);
  if (val < SMALL_VAL) warnings.push(`The val split has only ${val} images: accuracies will be known roughly.`);
  const thin = classes.filter((entry) => entry.val < SMALL_VAL_CLASS).map((entry) => entry.name);
  if (thin.length > 0) warnings.push(`Fewer than ${SMALL_VAL_CLASS} val images: ${list(thin)}.`);

  const sizes = classes.map((entry) => entry.images);
  const ratio = Math.max(...sizes) / Math.min(...sizes);
  if (ratio > IMBALANCE) {
    warnings.push(
      `The largest class has ${Math.round(ratio)} times as many images as the smallest: accuracy will hide errors in small classes.`,
    );
  }
  return warnings;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
