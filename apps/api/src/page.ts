import { Field, ObjectType } from "type-graphql";
import { badInput } from "./errors.js";

@ObjectType()
export class PageInfo {
  @Field(() => String, { nullable: true })
  endCursor: string | null;

  @Field(() => Boolean)
  hasNextPage: boolean;
}

export interface Page<T> {
  nodes: T[];
  pageInfo: PageInfo;
}

const maxPageSize = 1_000;

/** Throws when `first` is not a page size that the API serves. */
export function checkPageSize(first: number): number {
  if (first >= 1 && first <= maxPageSize) return first;
  throw badInput(
    "first",
    `first is ${first}; a page holds 1 to ${maxPageSize} entries. Follow pageInfo.endCursor for more.`,
    [1, maxPageSize],
  );
}

/** A page from `first + 1` rows: the one too many tells whether there is a next page. */
export function pageOf<T>(rows: T[], first: number, cursorOf: (row: T) => unknown[]): Page<T> {
  const nodes = rows.slice(0, first);
  const last = nodes.at(-1);
  return {
    nodes,
    pageInfo: { endCursor: last ? encodeCursor(cursorOf(last)) : null, hasNextPage: rows.length > first },
  };
}

function encodeCursor(values: unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** The values of a cursor that `pageOf` made, as many as the list has where it says that; throws for any other text. */
export function decodeCursor(after: string, length?: number): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(after, "base64url").toString("utf8"));
    const isScalar = (value: unknown) => value === null || typeof value === "string" || typeof value === "number";
    if (Array.isArray(values) && values.length === (length ?? values.length) && values.every(isScalar)) return values;
  } catch {
    // Not JSON: said below.
  }
  throw badInput(
    "after",
    "after is not a cursor of this list. Pass pageInfo.endCursor of the page before, with the same order.",
  );
}
