import type { CombinedError } from "urql";

/** What went wrong with a request, in the shape that pages and forms show. */
export interface ApiError {
  /** The API's code, or UNREACHABLE when no answer came. */
  code: string;
  message: string;
  /** For BAD_INPUT: the input that was refused, and the bound it broke. */
  field?: string;
  limit?: string;
}

/** The first error of a result; a request that never reached the API is UNREACHABLE. */
export function apiError(error: CombinedError): ApiError {
  const first = error.graphQLErrors[0];
  if (!first) return { code: "UNREACHABLE", message: error.networkError?.message ?? error.message };
  const { code, field, limit } = first.extensions;
  return {
    code: typeof code === "string" ? code : "INTERNAL",
    message: first.message,
    field: typeof field === "string" ? field : undefined,
    limit: typeof limit === "string" || typeof limit === "number" ? String(limit) : undefined,
  };
}
