import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { MissingBlob } from "../../blob/blob-store.js";
import type { Context } from "../../context.js";
import { AppError } from "../../errors.js";
import { isKnownEtag } from "../../http-etag.js";
import type { HttpRoutes } from "../../http-routes.js";
import { Turns } from "../../turns.js";
import { mostImageBytes } from "../image/read-image-file.js";
import { thumbnail } from "../image/thumbnail.js";
import type { Artifact } from "./artifact.type.js";
import { byteRange } from "./byte-range.js";
import { loadArtifact } from "./load-artifact.js";

/** Longest side of a preview in pixels. */
const side = 1_024;
/** Of the encoding: to be raised when the same file gives another picture. */
const encodingVersion = 1;

/**
 * GET /artifact/:id, the bytes of a file, or the part of them that a Range asks for, and /artifact/:id/preview, a picture of it. A file is always
 * handed over to be saved: whatever its uploader says that it is, no browser shows or runs it here.
 */
export function serveArtifacts(routes: HttpRoutes): void {
  const turns = new Turns(1, { seats: 64, full: tooMany });
  routes.get("/artifact/:id", ["READ"], "A file", async (context, request, response) => {
    await serveFile(context, await loadArtifact(context, String(request.params.id)), request, response);
  });
  routes.get("/artifact/:id/preview", ["READ"], "A preview", async (context, request, response) => {
    const artifact = await loadArtifact(context, String(request.params.id));
    const etag = `"${artifact.sha256}-${encodingVersion}"`;
    response.set({ ...headersOf(etag), "Content-Type": "image/webp", "Content-Disposition": "inline" });
    if (isKnownEtag(request.headers["if-none-match"], etag)) return void response.status(304).end();
    const picture = await turns.take(async () => (response.destroyed ? null : preview(context, artifact)));
    if (picture) response.end(picture);
  });
}

async function serveFile(context: Context, artifact: Artifact, request: Request, response: Response): Promise<void> {
  const { sha256, bytes } = artifact;
  const etag = `"${sha256}"`;
  response.set({
    ...headersOf(etag),
    "Content-Type": "application/octet-stream",
    "Content-Disposition": disposition(artifact.name),
    "Accept-Ranges": "bytes",
  });
  if (isKnownEtag(request.headers["if-none-match"], etag)) return void response.status(304).end();
  const ifRange = request.headers["if-range"];
  const isSame = ifRange === undefined || ifRange === etag;
  const range = isSame ? byteRange(request.headers.range, bytes) : null;
  if (range === "unsatisfiable") return void response.status(416).set("Content-Range", `bytes */${bytes}`).end();
  response.set("Content-Length", String(range ? range.end - range.start + 1 : bytes));
  if (range) response.status(206).set("Content-Range", `bytes ${range.start}-${range.end}/${bytes}`);
  if (request.method === "HEAD") return void response.end();
  const body = await context.blobs.read(sha256, range ?? undefined).catch((error: Error) => {
    response.removeHeader("Content-Length");
    throw error instanceof MissingBlob ? damaged(artifact) : error;
  });
  await send(context, body, response);
}

/** Ends when its reader leaves or loses access. */
async function send({ connections, viewer }: Context, body: Readable, response: Response): Promise<void> {
  const forget = connections.add(viewer!.principal, () => response.destroy());
  try {
    await pipeline(body, response);
  } finally {
    forget();
  }
}

/** For pages that are led here in spite of all: nothing runs, nothing is loaded, and no other site embeds it. */
function headersOf(etag: string): Record<string, string> {
  return {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    Vary: "Authorization, Cookie",
    ETag: etag,
  };
}

/** The name for whoever saves it (RFC 6266): whole for readers of UTF-8, for others what of it is plain. Paths in it stay text. */
function disposition(name: string): string {
  const plain = name.replaceAll(/[^\w.-]/g, "_").slice(-100);
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

async function preview({ blobs }: Context, artifact: Artifact): Promise<Buffer> {
  if (artifact.bytes > mostImageBytes)
    throw new AppError("NOT_FOUND", `This file has no preview: it has more than ${mostImageBytes / 1024 / 1024} MiB.`);
  const body = await blobs.read(artifact.sha256).catch((error: Error) => {
    throw error instanceof MissingBlob ? damaged(artifact) : error;
  });
  return thumbnail(await buffer(body), side);
}

function damaged({ id }: Artifact): AppError {
  return new AppError(
    "DAMAGED",
    `The bytes of ${id} are missing where files are kept. Whoever runs the server can have them listed: npm run db -- verify.`,
  );
}

function tooMany(): AppError {
  return new AppError("RATE_LIMITED", "64 previews wait to be made. Ask again in a few seconds.", { limit: 64 });
}
