/** An image of a split: where its file lies, and which content it had when it was scanned. */
export interface ListedImage {
  /** From the dataset's folder on, with `/`. */
  readonly path: string;
  /** SHA-256 of the file, hexadecimal; of a list that was read, its first digits (`listedHashDigits`). */
  readonly contentHash: string;
}

/** Enough to notice a file that changed, not meant against someone who forges one. */
export const listedHashDigits = 16;

/** Ends an entry: the one character that no path can hold. */
const END = "\0";

/** Images of a split in the split's order as one text, a content hash and a path each; it compresses to about a fifth. */
export function writeImageList(images: readonly ListedImage[]): string {
  return images.map(({ path, contentHash }) => `${contentHash.slice(0, listedHashDigits)} ${path}${END}`).join("");
}

/** Throws a RangeError for a text that is no list, and for a path that leads out of the folder. */
export function readImageList(text: string): ListedImage[] {
  if (text === "") return [];
  if (!text.endsWith(END)) throw new RangeError("The list of images breaks off.");
  return text.slice(0, -1).split(END).map(readEntry);
}

const entry = new RegExp(`^([0-9a-f]{${listedHashDigits}}) (.+)$`, "s");

function readEntry(text: string, position: number): ListedImage {
  const [, contentHash, path] = entry.exec(text) ?? [];
  if (contentHash === undefined || path === undefined)
    throw new RangeError(`Entry ${position} of the list of images is no content hash and path.`);
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    throw new RangeError(`Entry ${position} of the list of images does not lie in the dataset's folder.`);
  return { path, contentHash };
}
