import { GraphQLError, GraphQLScalarType, Kind } from "graphql";

function parse(value: unknown): Date {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time);
  throw new GraphQLError(`${String(value).slice(0, 40)} is no time in ISO 8601, as 2026-11-24T07:04:19Z.`, {
    extensions: { code: "BAD_INPUT" },
  });
}

/** A moment in UTC, ISO 8601 with milliseconds. */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description: "A moment in UTC, ISO 8601.",
  serialize(value) {
    const date = value instanceof Date ? value : new Date(value as string | number);
    return date.toISOString();
  },
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
});
