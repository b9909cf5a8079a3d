import { GraphQLError, GraphQLScalarType, valueFromASTUntyped } from "graphql";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const limits = { depth: 16, entries: 5_000 } as const;
// PostgreSQL's jsonb cannot hold NUL, and these keys name the prototype instead of an entry when they are assigned.
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);

function bad(message: string, limit?: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "BAD_INPUT", ...(limit !== undefined && { limit }) } });
}

/** A copy of plain JSON; throws where it is too deep or too large, or holds what neither JSON nor jsonb can. */
function checkedCopy(value: unknown, depth: number, budget: { left: number }): Json {
  if (--budget.left < 0) throw bad(`JSON has more than ${limits.entries} entries.`, limits.entries);
  if (depth > limits.depth) throw bad(`JSON is nested more than ${limits.depth} deep.`, limits.depth);
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw bad("JSON holds a number that is too large for float64.");
  }
  if (typeof value === "string") {
    if (/\0|\p{Cs}/u.test(value)) throw bad("JSON holds text with NUL or half a surrogate pair.");
    return value;
  }
  if (Array.isArray(value)) return value.map((entry) => checkedCopy(entry, depth + 1, budget));
  if (typeof value !== "object") throw bad(`${typeof value} is no JSON.`);
  const copy: { [key: string]: Json } = {};
  for (const [key, entry] of Object.entries(value)) {
    if (forbiddenKeys.has(key) || /\0|\p{Cs}/u.test(key))
      throw bad(`JSON has the key ${JSON.stringify(key).slice(0, 40)}.`);
    copy[key] = checkedCopy(entry, depth + 1, budget);
  }
  return copy;
}

const parse = (value: unknown): Json => checkedCopy(value, 0, { left: limits.entries });

/** Any JSON; as input bounded in depth and size. */
export const JsonScalar = new GraphQLScalarType<Json, unknown>({
  name: "JSON",
  description: "Any JSON.",
  serialize: (value) => value,
  parseValue: parse,
  parseLiteral: (node, variables) => parse(valueFromASTUntyped(node, variables)),
});
