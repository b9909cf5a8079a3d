import { type FileHandle, open } from "node:fs/promises";
import { parseSafetensorsHeader, SafetensorsDamage, type SafetensorsHeader, type TensorEntry } from "@residual/shared";
import { floatsFromBytes } from "./float-formats.js";

/** The format's own limit. */
const maxHeaderBytes = 100_000_000;

/** A file that cannot be used, with its name and the reason. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";

  constructor(
    readonly path: string,
    reason: string,
  ) {
    super(`${path} is no usable safetensors file: ${reason}`);
  }
}

/** An open, fully checked file. Tensors are read one at a time, so that a file larger than the memory to spare can be loaded. */
export interface SafetensorsFile extends SafetensorsHeader {
  /** The tensor's elements; F16, BF16 and F64 become float32. Throws a SafetensorsError for other types and unknown names. */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Opens a safetensors file. Nothing is allocated in a size that the file merely claims, nothing is executed.
 * Throws a SafetensorsError that names the file and the reason if anything is damaged; file system errors pass through.
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const { header, dataStart } = await readHeader(handle, size);
    return {
      ...header,
      read: (name) => readTensor(handle, path, dataStart, name, header.tensors.get(name)),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error instanceof SafetensorsDamage ? new SafetensorsError(path, error.message) : error;
  }
}

async function readHeader(handle: FileHandle, size: number): Promise<{ header: SafetensorsHeader; dataStart: number }> {
  if (size === 0) throw new SafetensorsDamage("it is empty");
  const start = await readBytes(handle, 0, Math.min(8, size));
  if (isPickle(start))
    throw new SafetensorsDamage("it is a PyTorch pickle (torch.save); pickles are never executed here");
  if (size < 8) throw new SafetensorsDamage(`it ends after ${size} bytes, inside the header`);
  const length = start.readBigUInt64LE(0);
  if (length > BigInt(size - 8)) {
    throw new SafetensorsDamage(`its header claims ${length} bytes, but only ${size - 8} follow`);
  }
  if (length > BigInt(maxHeaderBytes))
    throw new SafetensorsDamage(`its header claims ${length} bytes, more than allowed`);
  const dataStart = 8 + Number(length);
  const json = decodeUtf8(await readBytes(handle, 8, Number(length)));
  return { header: parseSafetensorsHeader(json, size - dataStart), dataStart };
}

/** torch.save writes a zip archive, older versions a bare pickle. */
function isPickle(start: Buffer): boolean {
  const isZip = start.length >= 4 && start.readUInt32LE(0) === 0x04034b50;
  return isZip || (start[0] === 0x80 && start[1] !== undefined && start[1] >= 2 && start[1] <= 5 && start.at(-1) !== 0);
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new SafetensorsDamage("its header is no UTF-8 text");
  }
}

async function readTensor(
  handle: FileHandle,
  path: string,
  dataStart: number,
  name: string,
  entry: TensorEntry | undefined,
): Promise<Float32Array> {
  if (entry === undefined) throw new SafetensorsError(path, `it has no tensor "${name}"`);
  const bytes = await readBytes(handle, dataStart + entry.begin, entry.end - entry.begin);
  const floats = floatsFromBytes(entry.dtype, bytes);
  if (floats === undefined) throw new SafetensorsError(path, `tensor "${name}" is ${entry.dtype}, not a float type`);
  return floats;
}

/** Reads exactly these bytes; one system call moves at most 2 GiB. */
async function readBytes(handle: FileHandle, position: number, count: number): Promise<Buffer> {
  const bytes = Buffer.from(new ArrayBuffer(count));
  let done = 0;
  while (done < count) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(count - done, 2 ** 30), position + done);
    if (bytesRead === 0) throw new SafetensorsDamage("it became shorter while it was read");
    done += bytesRead;
  }
  return bytes;
}
