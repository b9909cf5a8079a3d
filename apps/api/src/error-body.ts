import type { ErrorCode } from "./errors.js";

/** What is answered before GraphQL runs, in the form of its own answers. */
export function errorBody(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
  return { errors: [{ message, extensions: { code, ...details } }] };
}
