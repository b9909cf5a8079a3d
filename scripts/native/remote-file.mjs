import { inflateRawSync } from "node:zlib";
import { NativeError } from "./native-error.mjs";
import { dataOffset } from "./zip.mjs";

/** A file on a server, read in parts: what a wheel holds is known before it is fetched. */
export async function openRemoteFile({ filename, url, headers }) {
  const first = await fetchRange(url, headers, 0, 1);
  const size = Number(first.headers.get("content-range")?.split("/")[1]);
  await first.arrayBuffer();
  if (first.status !== 206 || !Number.isSafeInteger(size)) {
    throw new NativeError(
      `${url.host} does not send parts of files (range requests). Name another index in PIP_INDEX_URL.`,
    );
  }
  return {
    name: filename,
    size,
    read: async (offset, length) => Buffer.from(await (await fetchRange(url, headers, offset, length)).arrayBuffer()),
  };
}

/** The text of a small entry of a zip file. */
export async function readEntry(source, entry) {
  const packed = await source.read(await dataOffset(source, entry), entry.compressedBytes);
  return (entry.method === 0 ? packed : inflateRawSync(packed)).toString("utf8");
}

async function fetchRange(url, headers, offset, length) {
  const range = `bytes=${offset}-${offset + length - 1}`;
  const response = await fetch(url, { headers: { ...headers, range } }).catch((error) => {
    throw new NativeError(
      `${url.host} cannot be reached (${error.cause?.message ?? error.message}). Check the network and try again.`,
    );
  });
  if (!response.ok)
    throw new NativeError(`${url.host} answers ${response.status} for ${url.pathname}. Try again later.`);
  return response;
}
