import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { type ListedImage, listedHashDigits } from "@residual/shared";
import { AppError } from "../../errors.js";

/** A photograph of a large camera has 30 MB; what is larger is not worth a thumbnail. */
export const mostImageBytes = 64 * 1024 * 1024;

/**
 * The bytes of an image of a dataset as it was scanned. Throws NOT_FOUND, with the reason, where the file is not on this machine, is a link
 * that leads out of the folder, is too large, or has another content by now: a picture that was not judged is no evidence.
 */
export async function readImageFile(folder: string, { path, contentHash }: ListedImage): Promise<Buffer> {
  const bytes = await readInside(folder, path).catch((error: NodeJS.ErrnoException) => {
    throw error instanceof AppError || error.code === undefined
      ? error
      : missing(reasons[error.code] ?? "it cannot be read");
  });
  // Not createHash: of a large file it would hold the event loop.
  const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bytes));
  const found = digest.toString("hex").slice(0, listedHashDigits);
  if (found !== contentHash) throw missing("its file was changed after the dataset was scanned");
  return bytes;
}

async function readInside(folder: string, path: string): Promise<Buffer> {
  const [root, real] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
  if (!real.startsWith(root.endsWith(sep) ? root : root + sep))
    throw missing("it is a link that leads out of the dataset's folder");
  // Not followed: what was a file a moment ago may be a link by now. Not waited for: neither may it be a pipe.
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw missing("it is no file");
    if (stat.size > mostImageBytes) throw missing(`its file has more than ${mostImageBytes / 1024 / 1024} MiB`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

const reasons: Record<string, string> = {
  ENOENT: "its file is not on the machine of the API",
  ENOTDIR: "its file is not on the machine of the API",
  EACCES: "the API may not read its file",
  EPERM: "the API may not read its file",
  ELOOP: "it is a link that leads out of the dataset's folder",
};

/** Says nothing of where the folder lies: holders of share links read it. */
function missing(reason: string): AppError {
  return new AppError("NOT_FOUND", `This picture cannot be shown: ${reason}.`);
}
