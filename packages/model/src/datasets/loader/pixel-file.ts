import { type FileHandle, open, rename, rm } from "node:fs/promises";
import type { PixelIndex } from "./image-source.js";

/**
 * The file of a set's decoded images: a head (mark, number of images, length of the file, then offset, width and height of each image,
 * of the machine's byte order), then the pixels in the order in which they were decoded.
 */
const MARK = 0x5049_5832;
const HEAD_BYTES = 24;
const INDEX_BYTES = 16;

export interface PixelFile {
  readonly handle: FileHandle;
  readonly index: PixelIndex;
  /** Where in the file the pixels begin, and how many bytes they are. */
  readonly pixelsStart: number;
  readonly pixelBytes: number;
}

export interface SizedPixels {
  /** Size before it was resized. */
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Opens a file that `writePixelFile` finished; undefined where there is none for as many images. */
export async function openPixelFile(path: string, count: number): Promise<PixelFile | undefined> {
  const handle = await open(path, "r").catch(() => undefined);
  if (!handle) return undefined;
  const head = new DataView(new ArrayBuffer(HEAD_BYTES));
  const pixelsStart = HEAD_BYTES + count * INDEX_BYTES;
  const { size } = await handle.stat();
  await handle.read(head, 0, HEAD_BYTES, 0);
  const isWhole = size >= pixelsStart && head.getUint32(0) === MARK && head.getFloat64(16) === size;
  if (!isWhole || head.getFloat64(8) !== count) {
    await handle.close();
    return undefined;
  }
  const index = emptyIndex(count);
  await readFully(handle, bytesOf(index.offsets), HEAD_BYTES);
  await readFully(handle, bytesOf(index.sizes), HEAD_BYTES + count * 8);
  return { handle, index, pixelBytes: size - pixelsStart, pixelsStart };
}

/** The pixels of a file in shared memory, and the index that goes with them. */
export async function readPixels(
  file: PixelFile,
): Promise<{ readonly index: PixelIndex; readonly pixels: Uint8Array }> {
  const pixels = new Uint8Array(new SharedArrayBuffer(file.pixelBytes));
  await readFully(file.handle, pixels, file.pixelsStart);
  const offsets = new Float64Array(new SharedArrayBuffer(file.index.offsets.byteLength));
  for (const [i, offset] of file.index.offsets.entries()) offsets[i] = offset - file.pixelsStart;
  return { index: { offsets, sizes: file.index.sizes }, pixels };
}

/**
 * Writes the file: `fill` gets a function that stores one image under its number, in any order. The file appears under its name only
 * when it is whole, so that an interrupted worker leaves no half one behind.
 */
export async function writePixelFile(
  path: string,
  count: number,
  fill: (store: (index: number, image: SizedPixels) => Promise<void>) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const handle = await open(temporary, "w");
  try {
    const { offsets, sizes } = emptyIndex(count);
    let end = HEAD_BYTES + count * INDEX_BYTES;
    await fill(async (index, { width, height, pixels }) => {
      const offset = end;
      end += pixels.length;
      offsets[index] = offset;
      sizes.set([width, height], index * 2);
      await writeFully(handle, pixels, offset);
    });
    const head = new DataView(new ArrayBuffer(HEAD_BYTES));
    head.setUint32(0, MARK);
    head.setFloat64(8, count);
    head.setFloat64(16, end);
    await writeFully(handle, bytesOf(offsets), HEAD_BYTES);
    await writeFully(handle, bytesOf(sizes), HEAD_BYTES + count * 8);
    await writeFully(handle, new Uint8Array(head.buffer), 0);
    await handle.close();
    await rename(temporary, path);
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error;
  }
}

function emptyIndex(count: number): PixelIndex {
  return {
    offsets: new Float64Array(new SharedArrayBuffer(count * 8)),
    sizes: new Uint32Array(new SharedArrayBuffer(count * 8)),
  };
}

function bytesOf(values: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Reads at most this much at a time: the system refuses more than two gigabytes. */
const PIECE = 2 ** 28;

async function readFully(handle: FileHandle, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await handle.read(target, done, Math.min(PIECE, target.length - done), position + done);
    if (bytesRead === 0) throw new Error("the file of decoded images is shorter than it was when it was opened");
    done += bytesRead;
  }
}

async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, Math.min(PIECE, bytes.length - done), position + done);
    done += bytesWritten;
  }
}
