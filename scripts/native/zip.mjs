import { NativeError } from "./native-error.mjs";

const endRecord = { signature: 0x06054b50, bytes: 22, longestComment: 65_535 };
const centralRecord = { signature: 0x02014b50, bytes: 46 };
const localHeaderBytes = 30;

/**
 * Reads the directory at the end of a zip file: `{ name, method, compressedBytes, bytes, headerOffset }` of each entry.
 * `source` is `{ name, size, read(offset, length) }`: a file here, or one on a server of which only this part is fetched.
 */
export async function readZipDirectory(source) {
  const tailBytes = Math.min(source.size, endRecord.bytes + endRecord.longestComment);
  const tail = await source.read(source.size - tailBytes, tailBytes);
  let at = tail.length - endRecord.bytes;
  while (at >= 0 && tail.readUInt32LE(at) !== endRecord.signature) at--;
  if (at < 0) throw new NativeError(`${source.name} is no zip file: its directory is missing at the end.`);
  const [bytes, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  // Larger files have their true sizes elsewhere (zip64); no wheel that we fetch is.
  if (offset + bytes > source.size)
    throw new NativeError(`${source.name} has a damaged directory, or is larger than 4 GB.`);
  return parseDirectory(await source.read(offset, bytes), source.name);
}

function parseDirectory(directory, fileName) {
  const entries = [];
  for (let at = 0; at < directory.length; ) {
    if (at + centralRecord.bytes > directory.length || directory.readUInt32LE(at) !== centralRecord.signature) {
      throw new NativeError(`${fileName} has a damaged directory.`);
    }
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const nameAt = at + centralRecord.bytes;
    entries.push({
      name: directory.toString("utf8", nameAt, nameAt + nameBytes),
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at = nameAt + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

/** Where the packed bytes of an entry start: its own header repeats the name and may have other extra fields. */
export async function dataOffset(source, { headerOffset }) {
  const header = await source.read(headerOffset, localHeaderBytes);
  return headerOffset + localHeaderBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
}
