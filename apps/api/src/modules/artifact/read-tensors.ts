import { buffer } from "node:stream/consumers";
import { parseSafetensorsHeader, SafetensorsDamage, type SafetensorsHeader } from "@residual/shared";
import { type BlobStore, MissingBlob } from "../../blob/blob-store.js";
import { Turns } from "../../turns.js";
import type { Artifact, TensorTable } from "./artifact.type.js";

/** A network of a thousand tensors has a header of 100 kB. */
const mostHeaderBytes = 1024 * 1024;
const mostShown = 2_000;
/** Parsing a header of that size holds the event loop for some 20 ms. */
const turns = new Turns(1);

export function isSafetensors(name: string): boolean {
  return name.toLowerCase().endsWith(".safetensors");
}

/** What a safetensors file says is in it. Its header is read and checked against the length of the file, nothing of its data is. */
export async function readTensors(
  blobs: BlobStore,
  artifact: Pick<Artifact, "sha256" | "bytes">,
): Promise<TensorTable> {
  try {
    return toTable(await turns.take(() => readHeader(blobs, artifact)));
  } catch (error) {
    if (error instanceof MissingBlob) return unshown("its bytes are missing where files are kept");
    if (error instanceof SafetensorsDamage) return unshown(error.message);
    throw error;
  }
}

async function readHeader(
  blobs: BlobStore,
  { sha256, bytes }: Pick<Artifact, "sha256" | "bytes">,
): Promise<SafetensorsHeader> {
  if (bytes < 8) throw new SafetensorsDamage(`it ends after ${bytes} bytes, inside the header`);
  const length = (await buffer(await blobs.read(sha256, { start: 0, end: 7 }))).readBigUInt64LE();
  if (length > BigInt(bytes - 8))
    throw new SafetensorsDamage(`its header claims ${length} bytes, but only ${bytes - 8} follow`);
  if (length > BigInt(mostHeaderBytes))
    throw new SafetensorsDamage(`its header has ${length} bytes, and no more than ${mostHeaderBytes} are read`);
  const header =
    length === 0n ? Buffer.alloc(0) : await buffer(await blobs.read(sha256, { start: 8, end: 7 + Number(length) }));
  return parseSafetensorsHeader(header.toString("utf8"), bytes - 8 - Number(length));
}

function unshown(reason: string): TensorTable {
  return { problem: `This safetensors file cannot be shown: ${reason}.`, count: 0, elements: 0, tensors: [] };
}

function toTable({ tensors }: SafetensorsHeader): TensorTable {
  const all = [...tensors].sort(([, a], [, b]) => a.begin - b.begin);
  const elements = all.reduce((sum, [, { shape }]) => sum + shape.reduce((count, extent) => count * extent, 1), 0);
  return {
    problem: null,
    count: all.length,
    elements,
    tensors: all.slice(0, mostShown).map(([name, { dtype, shape, begin, end }]) => ({
      ...{ name, dtype, bytes: end - begin },
      shape: [...shape],
    })),
  };
}
