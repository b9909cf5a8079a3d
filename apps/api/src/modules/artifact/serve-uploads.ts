import { pieceBytes } from "@residual/shared";
import type { Request, Response } from "express";
import type { Context } from "../../context.js";
import { AppError, badInput } from "../../errors.js";
import type { HttpRoutes } from "../../http-routes.js";
import { mustSeeNow } from "../../read-replica/route-reads.js";
import { Turns } from "../../turns.js";
import { recordAudit } from "../audit/record-audit.js";
import { appendPiece } from "./append-piece.js";
import { artifactPath } from "./artifact-path.js";
import { beginUpload } from "./begin-upload.js";
import { completeUpload, dropUpload } from "./complete-upload.js";
import { loadUpload, type Upload } from "./upload-row.js";

/** Each holds a piece in memory. */
const atOnce = 16;
const mostWaiting = 64;
/** Of these, checkUploader says who may write to which run. */
const writers = ["LOG", "WORK", "MANAGE"] as const;
const mostJsonBytes = 16 * 1024;

/**
 * Uploads of files, which go on where they were cut: POST /upload says what comes, PATCH /upload/:id sends the next piece with its Upload-Offset, HEAD
 * tells where to go on, POST /upload/:id/complete makes it an artifact, DELETE gives it up.
 */
export function serveUploads(routes: HttpRoutes): void {
  const turns = new Turns(atOnce, { seats: mostWaiting, full: tooMany });
  routes.post("/upload", writers, "An upload", async (context, request, response) => {
    const upload = await beginUpload(context, await readJson(request));
    response.status(201).set("Location", `/upload/${upload.id}`);
    answer(response, upload);
  });
  routes.get("/upload/:id", writers, "An upload", async (context, request, response) => {
    answer(response, await loadUpload(context, idOf(request)));
  });
  routes.patch("/upload/:id", writers, "An upload", async (context, request, response) => {
    const upload = await loadUpload(context, idOf(request));
    const offset = offsetOf(request);
    const received = await turns.take(() => appendPiece(context, upload, offset, request));
    response.status(204).set("Upload-Offset", String(received)).end();
  });
  routes.delete("/upload/:id", writers, "An upload", async (context, request, response) => {
    await dropUpload(context, await loadUpload(context, idOf(request)));
    response.status(204).end();
  });
  routes.post("/upload/:id/complete", writers, "An upload", async (context, request, response) => {
    const upload = await loadUpload(context, idOf(request));
    const artifact = await completeUpload(context, upload);
    if (upload.artifactId === null) await record(context, upload, artifact.id);
    mustSeeNow(context);
    const { id, name, version, sha256, bytes } = artifact;
    response.status(201).json({ id, run: artifact.runId, name, version, sha256, bytes, path: artifactPath(id) });
  });
}

function answer(response: Response, { id, bytes, received, artifactId }: Upload): void {
  response.set({ "Upload-Offset": String(received), "Upload-Length": String(bytes) });
  response.json({ id, offset: received, bytes, pieceBytes, artifact: artifactId });
}

const record = (context: Context, { projectId, runId }: Upload, artifactId: string) =>
  recordAudit(context, { action: "uploadArtifact", projectId, objectIds: [runId, artifactId] });

const idOf = (request: Request) => String(request.params.id);

function offsetOf(request: Request): number {
  const text = request.headers["upload-offset"];
  if (typeof text === "string" && /^\d{1,15}$/.test(text)) return Number(text);
  throw badInput("Upload-Offset", "The header Upload-Offset must say at which byte of the file the piece begins.");
}

/** Asks for JSON by name, as no form of another site can send it. */
async function readJson(request: Request): Promise<unknown> {
  if (!request.is("application/json")) throw badInput("body", "Send JSON as UTF-8: Content-Type: application/json.");
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostJsonBytes)
      throw new AppError("TOO_LARGE", `The body has more than ${mostJsonBytes} bytes.`, { limit: mostJsonBytes });
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (error) {
    throw badInput("body", `The body cannot be read: ${(error as Error).message}`);
  }
}

function tooMany(): AppError {
  return new AppError("RATE_LIMITED", `${mostWaiting} pieces wait to be taken. Send it again in a few seconds.`, {
    limit: mostWaiting,
  });
}
