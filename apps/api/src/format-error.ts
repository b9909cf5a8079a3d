import type { GraphQLFormattedError } from "graphql";
import { databaseAway } from "./authenticate.js";
import { AppError, isDatabaseAway, isUnstorableText } from "./errors.js";
import type { Log } from "./log.js";
import { queryLimits } from "./query-limits.js";
import { requestIdOfError } from "./request-id.js";
import { newRequestId } from "./secret.js";

const ownCodes: ReadonlySet<unknown> = new Set([
  ...["BAD_INPUT", "NOT_FOUND", "FORBIDDEN", "UNAUTHENTICATED", "CONFLICT", "FENCED", "SEQ_GAP", "TOO_LARGE"],
  ...["RATE_LIMITED", "UNAVAILABLE", "DAMAGED", "MISMATCH"],
]);

/** Codes of Apollo and graphql-js for requests that are wrong in themselves. */
const inputCodes: ReadonlySet<unknown> = new Set([
  ...["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "BAD_REQUEST"],
  ...["OPERATION_RESOLUTION_FAILURE", "PERSISTED_QUERY_NOT_SUPPORTED"],
]);

/**
 * What a client sees of an error. Ours pass as they are; wrong documents and variables become BAD_INPUT; a database that
 * is away becomes UNAVAILABLE; all else INTERNAL, and no word of its cause, which `log` has under the request's id. The id is in every answer.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  log: Log,
  requestId = requestIdOfError(error) ?? newRequestId(),
): GraphQLFormattedError {
  const shown = shownError(formatted, error);
  if (shown) return { ...shown, extensions: { ...shown.extensions, requestId } };
  const { locations, path } = formatted;
  const cause = originOf(error);
  const stack = cause instanceof Error ? cause.stack : String(error);
  log(`INTERNAL: ${stack}`, { level: "error", requestId, path: path?.join(".") });
  const message = `Something went wrong inside the API. Its log has the cause under ${requestId}.`;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  return { ...place, message, extensions: { code: "INTERNAL", requestId } };
}

/** What a client may know of an error; null where that is nothing. */
function shownError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError | null {
  const { message, locations, path } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  const cause = originOf(error);
  const causeExtensions = (cause as { extensions?: Record<string, unknown> } | null)?.extensions ?? {};
  const code = formatted.extensions?.code;
  if (isDatabaseAway(cause))
    return { ...place, message: databaseAway(cause).message, extensions: { code: "UNAVAILABLE" } };
  if (isUnstorableText(cause)) {
    const text =
      "A text of the request holds NUL or half a surrogate pair, which cannot be stored or searched. Remove it.";
    return { ...place, message: text, extensions: { code: "BAD_INPUT" } };
  }
  if (ownCodes.has(code) && error !== null)
    return { ...place, message, extensions: withoutTrace(formatted.extensions) };
  if (ownCodes.has(causeExtensions.code)) {
    return { ...place, message, extensions: withoutTrace({ ...causeExtensions }) };
  }
  if (code === "GRAPHQL_PARSE_FAILED" && message.includes("Parsing aborted")) {
    const limit = queryLimits.tokens;
    const text = `The document has more than ${limit} tokens (names, brackets, values). Ask for less, or in several requests.`;
    return { ...place, message: text, extensions: { code: "BAD_INPUT", limit } };
  }
  if (inputCodes.has(code) || (cause === null && code === undefined)) {
    return { ...place, message, extensions: { code: "BAD_INPUT" } };
  }
  return null;
}

/** The innermost error that graphql-js wrapped, or null when it made the error itself. */
function originOf(error: unknown): unknown {
  let cause: unknown = null;
  let next = (error as { originalError?: unknown } | null)?.originalError;
  while (next) {
    cause = next;
    next = (next as { originalError?: unknown }).originalError;
  }
  if (cause === null && error instanceof Error && !("extensions" in error)) return error;
  return cause ?? (error instanceof AppError ? error : null);
}

function withoutTrace(extensions: Record<string, unknown> | undefined): Record<string, unknown> {
  const { stacktrace, http, ...rest } = extensions ?? {};
  return rest;
}
