import { createReadStream } from "node:fs";
import { mkdir, open, opendir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { type BlobStore, type ByteRange, MissingBlob, type StagedBlob, storeAway } from "./blob-store.js";

/** Nobody else on the machine reads what is kept here, whatever the umask is. */
const ownerOnly = { file: 0o600, folder: 0o700 } as const;

/**
 * Blobs as files of a folder: `blobs/<first two digits>/<sha256>`, and `uploads/<id>` until they are whole. Written, synced, renamed, and the folder
 * synced, in this order.
 */
export class LocalBlobs implements BlobStore {
  constructor(readonly place: string) {}

  async begin(sha256: string, id: string): Promise<StagedBlob> {
    return { sha256, token: id };
  }

  async put(staged: StagedBlob, _index: number, offset: number, bytes: Uint8Array): Promise<string> {
    const path = this.#staged(staged);
    await tellingAway(() => write(path, offset, bytes));
    // Its place says where it is.
    return "";
  }

  async finish(staged: StagedBlob): Promise<void> {
    const [from, to] = [this.#staged(staged), this.#path(staged.sha256)];
    await tellingAway(async () => {
      await sync(from);
      await mkdir(dirname(to), { recursive: true, mode: ownerOnly.folder });
      await rename(from, to);
      await sync(dirname(to));
      await sync(join(this.place, "blobs"));
    });
  }

  async abort(staged: StagedBlob): Promise<void> {
    await rm(this.#staged(staged), { force: true });
  }

  async size(sha256: string): Promise<number | null> {
    return stat(this.#path(sha256)).then(
      ({ size }) => size,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw error;
      },
    );
  }

  async read(sha256: string, range?: ByteRange): Promise<Readable> {
    if ((await this.size(sha256)) === null) throw new MissingBlob(sha256, this.place);
    return createReadStream(this.#path(sha256), range);
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.#path(sha256), { force: true });
  }

  async *list(): AsyncGenerator<{ sha256: string; bytes: number }> {
    for (const folder of await namesIn(join(this.place, "blobs")))
      for (const name of await namesIn(join(this.place, "blobs", folder))) {
        const bytes = await this.size(name);
        if (bytes !== null) yield { sha256: name, bytes };
      }
  }

  #path(sha256: string): string {
    return join(this.place, "blobs", checked(sha256).slice(0, 2), sha256);
  }

  #staged({ token }: StagedBlob): string {
    return join(this.place, "uploads", checked(token));
  }
}

/** All names here are made by this server. One that is not would be a way out of the folder. */
function checked(name: string): string {
  if (/^\w+$/.test(name)) return name;
  throw new Error(`${JSON.stringify(name)} is no name of a blob`);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const names: string[] = [];
    for await (const { name } of await opendir(folder)) names.push(name);
    return names;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function write(path: string, offset: number, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: ownerOnly.folder });
  const file = await open(path, offset === 0 ? "w" : "r+", ownerOnly.file);
  try {
    for (let written = 0; written < bytes.length; )
      written += (await file.write(bytes, written, bytes.length - written, offset + written)).bytesWritten;
  } finally {
    await file.close();
  }
}

/** What the disk says (full, read-only, broken) without where. */
async function tellingAway(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : storeAway(`the disk says ${code}`);
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
