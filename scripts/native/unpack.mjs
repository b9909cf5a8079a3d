import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { NativeError } from "./native-error.mjs";
import { dataOffset } from "./zip.mjs";

/** Unpacks some entries of a zip file into `folder`, whose names they keep. */
export async function unpack(file, entries, folder, onEntry) {
  const handle = await open(file);
  const source = {
    name: path.basename(file),
    read: async (offset, length) => (await handle.read(Buffer.alloc(length), 0, length, offset)).buffer,
  };
  try {
    for (const entry of entries) {
      onEntry(entry.name);
      const target = path.join(folder, entry.name);
      if (!target.startsWith(folder + path.sep))
        throw new NativeError(`${source.name} wants to write outside its folder: ${entry.name}`);
      await mkdir(path.dirname(target), { recursive: true });
      const start = await dataOffset(source, entry);
      const packed = createReadStream(file, { start, end: start + entry.compressedBytes - 1, highWaterMark: 2 ** 20 });
      const written = createWriteStream(target, {
        mode: path.basename(path.dirname(target)) === "bin" ? 0o755 : 0o644,
      });
      await (entry.method === 0 ? pipeline(packed, written) : pipeline(packed, createInflateRaw(), written));
      if (written.bytesWritten !== entry.bytes)
        throw new NativeError(`${entry.name} in ${source.name} has not the size that its directory says.`);
    }
  } finally {
    await handle.close();
  }
}
