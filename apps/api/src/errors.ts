import { GraphQLError } from "graphql";

export type ErrorCode =
  | "BAD_INPUT"
  | "NOT_FOUND"
  | "FORBIDDEN"
  | "UNAUTHENTICATED"
  | "CONFLICT"
  | "FENCED"
  | "SEQ_GAP"
  | "TOO_LARGE"
  | "MISMATCH"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
  | "DAMAGED"
  | "INTERNAL";

/** An error that a client may see. The message says what happened, which input, and what to do next. */
export class AppError extends GraphQLError {
  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message, { extensions: { code, ...details } });
    this.name = "AppError";
  }
}

/** Input that cannot be accepted: `field` names it as the client wrote it, `limit` what would have been allowed. */
export function badInput(field: string, message: string, limit?: unknown): AppError {
  return new AppError("BAD_INPUT", message, { field, ...(limit === undefined ? {} : { limit }) });
}

/** The one answer for what does not exist and for what the viewer may not see. */
export function notFound(what: string, id: string, field?: string): AppError {
  return new AppError(
    "NOT_FOUND",
    `There is no ${what} ${JSON.stringify(id.slice(0, 80))} that you can see. Check the id.`,
    field === undefined ? {} : { field },
  );
}

/** A worker that acts on a lease which it no longer holds. */
export function fenced(jobId: string): AppError {
  return new AppError(
    "FENCED",
    `The lease on job ${JSON.stringify(jobId.slice(0, 80))} ended or passed to another worker. Stop working on it; nothing of this request was stored.`,
  );
}

// Class 08: connection; 57P0x: shutdown, crash, cannot connect now; 53300: too many connections; 53100: no space left.
const unavailableStates = /^(08...|57P0[1-3]|53300|53100)$/;
const networkCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EHOSTUNREACH"]);
const driverMessages =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Driver not Connected|is not currently accepting connections|Cannot use a pool after calling end/;

/** An error of the driver, and what it was wrapped around. */
function* causesOf(error: unknown): Generator<Error> {
  for (
    let cause = error;
    cause instanceof Error;
    cause = (cause as { driverError?: unknown; cause?: unknown }).driverError ?? cause.cause
  )
    yield cause;
}

/** Whether the database has no space left (SQLSTATE 53100). */
export function isDiskFull(error: unknown): boolean {
  return [...causesOf(error)].some((cause) => (cause as { code?: unknown }).code === "53100");
}

/**
 * Whether an error says that the database is away, or has no space until somebody makes some (then the request can be repeated), not that a
 * statement is wrong.
 */
export function isDatabaseAway(error: unknown): boolean {
  for (const cause of causesOf(error)) {
    const code = (cause as { code?: unknown }).code;
    if (typeof code === "string" && (unavailableStates.test(code) || networkCodes.has(code))) return true;
    if (driverMessages.test(cause.message)) return true;
    // Node joins the failures of all addresses of a host name.
    if (cause instanceof AggregateError && cause.errors.some(isDatabaseAway)) return true;
  }
  return false;
}

/** Whether the database refused a text for its NUL or its encoding (SQLSTATE 22021, in JSON 22P05): the client's mistake, not ours. */
export function isUnstorableText(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === "22021" || code === "22P05";
}
