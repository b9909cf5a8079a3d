import { createHash } from "node:crypto";
import { printRunOrder, printRunQuery, type RunOrderTerm, type RunQuery } from "@residual/shared";
import { badInput } from "../../../errors.js";
import { decodeCursor } from "../../../page.js";
import type { Segment } from "./segments.js";

/** Where a page ended: the stretch of the list, and the last run's value in each of its columns. */
export interface RunCursor {
  readonly segment: number;
  readonly key: readonly (string | number | null)[];
}

/** Tells the lists of one project, query and order from all others: a cursor belongs to one. */
export function listBinding(
  distKey: number,
  query: RunQuery | null,
  order: readonly RunOrderTerm[],
  isTrash: boolean,
): string {
  const list = JSON.stringify([distKey, printRunQuery(query), printRunOrder(order), isTrash]);
  return createHash("sha256").update(list).digest("base64url").slice(0, 12);
}

/** The place that a cursor of this list names; throws BAD_INPUT for one of another list, and for what is no cursor. */
export function runCursor(after: string, binding: string, segments: readonly Segment[]): RunCursor {
  const [bound, segment, ...key] = decodeCursor(after);
  const columns = typeof segment === "number" ? segments[segment]?.columns : undefined;
  const fits =
    columns?.length === key.length &&
    columns.every(({ type, isNullable }, i) => {
      if (key[i] === null) return isNullable;
      return typeof key[i] === (type === "text" ? "string" : "number");
    });
  if (bound === binding && fits) return { segment: segment as number, key: key as RunCursor["key"] };
  throw badInput(
    "after",
    "after is a cursor of another list. Pass pageInfo.endCursor of the page before, with the same filter and order.",
  );
}
