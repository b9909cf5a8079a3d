import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type ApolloServer, HeaderMap } from "@apollo/server";
import type { Request, RequestHandler, Response } from "express";
import type { Context } from "./context.js";
import { StreamedParts } from "./streamed-parts.js";

/** GraphQL over HTTP, after the JSON body was parsed: what Apollo answers, with the parts of it that are streamed (see streamed-parts.ts). */
export function serveGraphql(
  apollo: ApolloServer<Context>,
  contextOf: (request: Request, response: Response) => Promise<Context>,
): RequestHandler {
  return async (request, response) => {
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers))
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
    const streamed = new StreamedParts();
    const {
      status,
      headers: answered,
      body,
    } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method, headers, search: "", body: request.body },
      context: async () => Object.assign(await contextOf(request, response), { streamed }),
    });
    if (body.kind !== "complete") throw new Error("An answer came in increments, which no client was offered");
    for (const [name, value] of answered) response.setHeader(name, value);
    response.status(status ?? 200);
    if (streamed.isEmpty) return void response.send(body.string);
    response.removeHeader("content-length");
    // Whoever goes away in the middle has said so to its own side.
    await pipeline(Readable.from(streamed.splice(body.string)), response).catch(() => response.destroy());
  };
}
