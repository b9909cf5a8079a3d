import type { IncomingMessage } from "node:http";
import { newRequestId } from "./secret.js";

const idsOfRequests = new WeakMap<IncomingMessage, string>();
const idsOfErrors = new WeakMap<object, string>();

/** What a request is called in its answer, in the log and in the audit log. */
export function requestIdOf(request: IncomingMessage): string {
  const id = idsOfRequests.get(request) ?? newRequestId();
  idsOfRequests.set(request, id);
  return id;
}

/** Remembers in which request errors came up, for who formats them without knowing the request (Apollo). */
export function noteErrors(errors: readonly object[], requestId: string): void {
  for (const error of errors) idsOfErrors.set(error, requestId);
}

/** The request in which an error came up; null where nobody noted it. */
export function requestIdOfError(error: unknown): string | null {
  return typeof error === "object" && error !== null ? (idsOfErrors.get(error) ?? null) : null;
}
