import { createHash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { elementCount } from "../graph/shape.js";

/** A tensor to write; its data is asked for when its turn comes, so that all of them need not be in memory at once. */
export interface TensorSource {
  readonly name: string;
  readonly shape: readonly number[];
  /** `I64` for PyTorch's counters; F32 unless said. */
  readonly dtype?: "F32" | "I64";
  data(): TensorData | Promise<TensorData>;
}

type TensorData = Float32Array | BigInt64Array;

const elementBytes = { F32: 4, I64: 8 } as const;

export interface WrittenFile {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/**
 * Writes tensors to `path`. The file appears whole or not at all: it is written beside its place, synced, renamed, and the
 * folder synced. On any error (a full disk) what stood at `path` stays as it was, the unfinished file is removed and the error passes.
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly TensorSource[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<WrittenFile> {
  const unfinished = `${path}.${process.pid}.unfinished`;
  try {
    const written = await writeAll(unfinished, tensors, metadata);
    await rename(unfinished, path);
    await syncFolder(dirname(path));
    return written;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function writeAll(
  path: string,
  tensors: readonly TensorSource[],
  metadata: Readonly<Record<string, string>>,
): Promise<WrittenFile> {
  const file = await open(path, "w");
  try {
    const hash = createHash("sha256");
    const header = encodeHeader(tensors, metadata);
    hash.update(header);
    await writeBytes(file, header);
    let bytes = header.length;
    for (const tensor of tensors) {
      const data = await tensor.data();
      if (data.length !== elementCount(tensor.shape)) {
        throw new TypeError(`tensor ${tensor.name} has ${data.length} elements, not [${tensor.shape.join(",")}]`);
      }
      const chunk = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      hash.update(chunk);
      await writeBytes(file, chunk);
      bytes += chunk.length;
    }
    await file.sync();
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    await file.close();
  }
}

function encodeHeader(tensors: readonly TensorSource[], metadata: Readonly<Record<string, string>>): Buffer {
  let end = 0;
  const entries = tensors.map(({ name, shape, dtype = "F32" }) => {
    const begin = end;
    end += elementBytes[dtype] * elementCount(shape);
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const;
  });
  const json = JSON.stringify(Object.fromEntries([["__metadata__", metadata], ...entries]));
  const text = Buffer.from(json);
  // Spaces up to a multiple of 8, so that the data is aligned for readers that map the file.
  const padded = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, " ");
  padded.writeBigUInt64LE(BigInt(padded.length - 8));
  text.copy(padded, 8);
  return padded;
}

async function writeBytes(file: FileHandle, bytes: Buffer): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(bytes.length - done, 2 ** 26));
    done += bytesWritten;
  }
}

/** A rename is safe against a power cut only once its folder is on the disk. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
