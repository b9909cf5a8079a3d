import type { IncomingMessage } from "node:http";
import type { ErrorCode } from "./errors.js";
import { requestIdOf } from "./request-id.js";

/** What is answered before GraphQL runs, in the form of its own answers. */
export function errorBody(
  request: IncomingMessage,
  code: ErrorCode,
  message: string,
  details: Record<string, unknown> = {},
) {
  return { errors: [{ message, extensions: { code, ...details, requestId: requestIdOf(request) } }] };
}
