/** The HTTP status of an answer that is no GraphQL: there the status says what the code says. */
export const httpStatus: Readonly<Record<string, number>> = {
  BAD_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  FENCED: 409,
  SEQ_GAP: 409,
  TOO_LARGE: 413,
  MISMATCH: 422,
  DAMAGED: 500,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
};
