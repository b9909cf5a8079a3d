import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Response } from "express";
import type { Context } from "../../context.js";
import { AppError } from "../../errors.js";
import { isKnownEtag } from "../../http-etag.js";
import type { RouteHandler } from "../../http-routes.js";
import { readFromReplica } from "../../read-replica/route-reads.js";
import { encodeArrow } from "./encode-arrow.js";
import { encodeCsv } from "./encode-csv.js";
import { encodeParquet } from "./encode-parquet.js";
import type { ExportTable } from "./export-table.js";
import { openExport } from "./open-export.js";
import { type ExportFormat, type ExportRequest, parseExport } from "./parse-export.js";

const formats: Record<ExportFormat, { type: string; encode: (table: ExportTable) => AsyncGenerator<Uint8Array> }> = {
  arrow: { type: "application/vnd.apache.arrow.stream", encode: encodeArrow },
  parquet: { type: "application/vnd.apache.parquet", encode: encodeParquet },
  csv: { type: "text/csv; charset=utf-8", encode: encodeCsv },
};

/** Each holds the event loop for some milliseconds a batch, and some 30 MB. */
const maxAtOnce = 4;

/**
 * GET and HEAD /export/:file for whoever may read what is asked for over GraphQL. A table is made while it is sent, no faster than its reader
 * takes it, and ends when its reader leaves or its credential is revoked. What fails before the first byte is answered as JSON with a code;
 * what fails later breaks the connection, so that nobody takes half a table for a whole one.
 */
export function serveExports(): RouteHandler {
  let running = 0;
  return async (context, request, response) => {
    await readFromReplica(context);
    const { searchParams } = new URL(request.url, "http://localhost");
    const wanted = parseExport(String(request.params.file), searchParams);
    const { etag, open } = await openExport(context, wanted);
    setHeaders(response, wanted, etag);
    if (etag !== null && isKnownEtag(request.headers["if-none-match"], etag)) return void response.status(304).end();
    if (request.method === "HEAD") {
      // What would be refused is refused here too.
      await open();
      return void response.end();
    }
    if (running >= maxAtOnce) throw tooManyExports();
    running++;
    try {
      await send(response, context, formats[wanted.format].encode(await open()));
    } finally {
      running--;
    }
  };
}

function setHeaders(response: Response, { table, format, choice }: ExportRequest, etag: string | null): void {
  const of = choice.by === "runs" ? "" : `-${choice.by === "project" ? choice.slug : choice.id}`;
  response.set({
    "Content-Type": formats[format].type,
    "Content-Disposition": `attachment; filename="residual${of.replace(/[^\w-]/g, "")}-${table}.${format}"`,
    // A browser may keep it, but asks each time: the viewer may have lost access, and more points may have come.
    "Cache-Control": etag === null ? "no-store" : "private, no-cache",
    Vary: "Authorization, Cookie",
  });
  if (etag !== null) response.set("ETag", etag);
}

async function send(
  response: Response,
  { connections, viewer }: Context,
  body: AsyncGenerator<Uint8Array>,
): Promise<void> {
  // Read before the status is sent: most of what can fail fails here.
  const first = await body.next();
  const forget = connections.add(viewer!.principal, () => response.destroy());
  try {
    await pipeline(Readable.from(joined(first, body)), response);
  } finally {
    forget();
  }
}

async function* joined(
  first: IteratorResult<Uint8Array, void>,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (!first.done) yield first.value;
    for await (const bytes of rest) {
      yield bytes;
      // Other requests have their turn between two batches.
      await new Promise(setImmediate);
    }
  } finally {
    await rest.return(undefined);
  }
}

function tooManyExports(): AppError {
  const message = `${maxAtOnce} exports are being made at the moment, which is as many as one server makes at once. Ask again in a few seconds.`;
  return new AppError("RATE_LIMITED", message, { limit: maxAtOnce });
}
