import type { DocumentNode, ExecutionResult } from "graphql";

/** Results of events that look alike for whoever may see them, by document. */
const results = new WeakMap<object, Map<DocumentNode, Promise<ExecutionResult>>>();

/** Says that nothing a document can select of this event depends on who asks: it is then executed once for all subscribers. */
export function shareResult<T extends object>(event: T): T {
  results.set(event, new Map());
  return event;
}

/** The result of an event for a document whose selection takes no variables; executed for the first who asks. */
export function sharedResult(
  event: unknown,
  document: DocumentNode,
  execute: () => ExecutionResult | Promise<ExecutionResult>,
): ExecutionResult | Promise<ExecutionResult> {
  const known = typeof event === "object" && event !== null ? results.get(event) : undefined;
  if (!known) return execute();
  const result = known.get(document) ?? Promise.resolve(execute());
  known.set(document, result);
  return result;
}
