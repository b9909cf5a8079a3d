import type { SpooledFrame } from "../spool/spool-record.js";

/** Takes frames of one writer to the API. */
export interface Transport {
  /** Resolves once all of them are committed. Throws an Unavailable, or a Refused; then any of them may be sent again. */
  send(frames: readonly SpooledFrame[]): Promise<void>;
  close(): void;
}

/** Something that passes: the API restarts, its database is away, the network is down, a limit is reached. */
export class Unavailable extends Error {
  override name = "Unavailable";

  constructor(
    message: string,
    readonly retryAfterSeconds = 0,
  ) {
    super(message);
  }
}

/** The API answered and refused: sending the same again would not help. */
export class Refused extends Error {
  override name = "Refused";

  constructor(
    readonly code: string,
    message: string,
    /** With SEQ_GAP: the seq that comes next. With CONFLICT of an upload: the byte at which it goes on. */
    readonly expected?: number,
  ) {
    super(message);
  }
}

const passing = new Set(["UNAVAILABLE", "INTERNAL", "INTERNAL_SERVER_ERROR", "RATE_LIMITED"]);

/** The error that an answer of the API stands for. */
export function errorOf(code: string, message: string, details: Readonly<Record<string, unknown>> = {}): Error {
  const { retryAfterSeconds, expected } = details;
  if (passing.has(code)) return new Unavailable(message, Number(retryAfterSeconds) || 0);
  return new Refused(code, message, typeof expected === "number" ? expected : undefined);
}
