import type { Response } from "express";
import { GraphQLError } from "graphql";
import type { ErrorCode } from "./errors.js";
import { formatError } from "./format-error.js";
import { httpStatus } from "./http-status.js";
import type { Log } from "./log.js";
import { requestIdOf } from "./request-id.js";

/** Answers a plain HTTP request as GraphQL would: JSON with a code. Where the answer has begun already, the connection breaks instead. */
export function answerHttpError(response: Response, error: unknown, what: string, log: Log): void {
  if (response.headersSent || response.destroyed) {
    const isGone = ["ERR_STREAM_PREMATURE_CLOSE", "ECONNRESET"].includes(String((error as { code?: unknown }).code));
    if (!isGone) log(`${what} broke off: ${error instanceof Error ? error.stack : String(error)}`);
    response.destroy();
    return;
  }
  const known = error instanceof GraphQLError ? error : new GraphQLError("", { originalError: error as Error });
  const answer = formatError(known.toJSON(), known, log, requestIdOf(response.req));
  for (const name of ["Content-Type", "Content-Disposition", "ETag", "Cache-Control"]) response.removeHeader(name);
  const status = httpStatus[answer.extensions?.code as ErrorCode] ?? 500;
  if (status === 429) response.set("Retry-After", "5");
  response
    .set("Cache-Control", "no-store")
    .status(status)
    .json({ errors: [answer] });
}
