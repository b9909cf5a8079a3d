import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";

/** Decoded images of one size, one after the other, three bytes a pixel. */
export interface PixelStore {
  readonly count: number;
  /** Side of the images in pixels. */
  readonly imageSize: number;
  /** Copies the images with these numbers into `target`, in this order. */
  read(indices: ArrayLike<number>, target: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Bytes that one image takes. */
export function imageBytes(imageSize: number): number {
  return imageSize * imageSize * 3;
}

export function memoryStore(pixels: Uint8Array, imageSize: number): PixelStore {
  const bytes = imageBytes(imageSize);
  return {
    count: pixels.length / bytes,
    imageSize,
    async read(indices, target) {
      for (let i = 0; i < indices.length; i++) {
        const start = indices[i]! * bytes;
        target.set(pixels.subarray(start, start + bytes), i * bytes);
      }
    },
    async close() {},
  };
}

/** Opens a shard file that `writeShard` finished; undefined where there is none of this size. */
export async function openShard(file: string, count: number, imageSize: number): Promise<PixelStore | undefined> {
  const bytes = imageBytes(imageSize);
  const size = await stat(file).then(
    (found) => found.size,
    () => -1,
  );
  if (size !== count * bytes) return undefined;
  const handle = await open(file, "r");
  return {
    count,
    imageSize,
    async read(indices, target) {
      for (let i = 0; i < indices.length; i++) await readFully(handle, target, i * bytes, bytes, indices[i]! * bytes);
    },
    close: () => handle.close(),
  };
}

/**
 * Writes a shard file: `fill` gets a function that stores one image under its number. The file appears under its name only when it is
 * whole, so that an interrupted worker leaves no half one behind.
 */
export async function writeShard(
  file: string,
  imageSize: number,
  fill: (store: (index: number, pixels: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  const bytes = imageBytes(imageSize);
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await open(temporary, "w");
  try {
    await fill(async (index, pixels) => {
      for (let done = 0; done < bytes; ) {
        const { bytesWritten } = await handle.write(pixels, done, bytes - done, index * bytes + done);
        done += bytesWritten;
      }
    });
    await handle.close();
    await rename(temporary, file);
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error;
  }
}

async function readFully(
  handle: FileHandle,
  target: Uint8Array,
  at: number,
  length: number,
  position: number,
): Promise<void> {
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(target, at + done, length - done, position + done);
    if (bytesRead === 0) throw new Error("the file of decoded images is shorter than it was when it was opened");
    done += bytesRead;
  }
}
