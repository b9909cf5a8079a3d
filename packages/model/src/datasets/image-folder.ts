import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { DatasetError } from "./dataset-error.js";

const IMAGE_EXTENSIONS = new Set([".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"]);

/** A folder of class folders as it lies on disk, before any image was read. */
export interface ImageFolder {
  /** Names of the class folders that hold at least one image file, sorted. The index is the class's number. */
  readonly classes: readonly string[];
  readonly files: readonly ImageFile[];
  readonly emptyClasses: readonly string[];
  /** Files inside class folders whose extension is no image's. */
  readonly otherFiles: number;
}

export interface ImageFile {
  /** Relative to the folder, with `/` on every system. */
  readonly path: string;
  readonly class: number;
}

/**
 * Lists `<folder>/<class>/…/<image>`. Hidden files and folders are passed over. Throws a DatasetError for a folder that is missing,
 * is no folder, holds no class folders or no images.
 */
export async function listImageFolder(folder: string): Promise<ImageFolder> {
  const entries = await readFolder(folder);
  const names: string[] = [];
  for (const entry of entries) {
    if (!entry.name.startsWith(".") && (await isFolder(folder, entry))) names.push(entry.name);
  }
  names.sort(byCodePoint);
  if (names.length === 0) {
    const loose = entries.filter((entry) => isImageName(entry.name)).length;
    throw new DatasetError(
      loose > 0
        ? `The folder ${folder} holds ${loose} images but no class folders. Put the images of each class into a folder of their own, such as ${join(folder, "cat")} and ${join(folder, "dog")}.`
        : `The folder ${folder} is empty. It should hold one folder a class, each with the images of that class.`,
    );
  }
  const classes: string[] = [];
  const files: ImageFile[] = [];
  const emptyClasses: string[] = [];
  let otherFiles = 0;
  for (const name of names) {
    const inside = await walk(folder, name);
    const images = inside.filter(isImageName).sort(byCodePoint);
    otherFiles += inside.length - images.length;
    if (images.length === 0) {
      emptyClasses.push(name);
      continue;
    }
    for (const path of images) files.push({ path, class: classes.length });
    classes.push(name);
  }
  if (files.length === 0) {
    throw new DatasetError(
      `No images found in the ${names.length} folders inside ${folder}. Files must end in .jpg, .jpeg, .png, .webp, .gif or .bmp.`,
    );
  }
  return { classes, files, emptyClasses, otherFiles };
}

/** All files below a class folder, as paths relative to `root`. Symbolic links to folders are not followed: they may form loops. */
async function walk(root: string, relative: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(join(root, relative), { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    const path = `${relative}/${entry.name}`;
    if (entry.isDirectory()) files.push(...(await walk(root, path)));
    else if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
  }
  return files;
}

async function readFolder(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new DatasetError(explain(folder, (error as NodeJS.ErrnoException).code));
  }
}

function explain(folder: string, code: string | undefined): string {
  if (code === "ENOENT")
    return `There is no folder ${folder} on this worker's machine. Check the path, or mount the disk it is on.`;
  if (code === "ENOTDIR") return `${folder} is a file. Give the folder that holds one folder a class.`;
  if (code === "EACCES" || code === "EPERM")
    return `The worker may not read the folder ${folder}. Give its user the right to read it.`;
  return `The folder ${folder} could not be read (${code ?? "unknown error"}).`;
}

async function isFolder(parent: string, entry: Dirent): Promise<boolean> {
  if (entry.isDirectory()) return true;
  if (!entry.isSymbolicLink()) return false;
  return stat(join(parent, entry.name)).then(
    (target) => target.isDirectory(),
    () => false,
  );
}

function isImageName(name: string): boolean {
  return IMAGE_EXTENSIONS.has(extname(name).toLowerCase());
}

/** Not localeCompare: the classes' numbers must not depend on a machine's language. */
function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
