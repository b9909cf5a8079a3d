import { GraphQLError, GraphQLScalarType, Kind } from "graphql";

const nonFinite = new Map<unknown, number>([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

function parseNumber(value: unknown): number {
  const named = nonFinite.get(value);
  if (named !== undefined) return named;
  // A number that overflowed on the way (1e309) is a mistake; infinity has to be meant, so it is spelled out.
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new GraphQLError(
    `${String(value).slice(0, 40)} is no number: a finite number, "NaN", "Infinity" or "-Infinity" is expected.`,
    { extensions: { code: "BAD_INPUT" } },
  );
}

/** A float64; NaN and the infinities, which JSON lacks and GraphQL's Float refuses, travel as text. */
export const NumberScalar = new GraphQLScalarType<number, number | string>({
  name: "Number",
  description: 'A float64; the non-finite ones travel as "NaN", "Infinity" and "-Infinity".',
  serialize(value) {
    if (typeof value !== "number") throw new GraphQLError("A Number field holds something else than a number.");
    return Number.isFinite(value) ? value : String(value);
  },
  parseValue: parseNumber,
  parseLiteral(node) {
    if (node.kind === Kind.INT || node.kind === Kind.FLOAT) return parseNumber(Number(node.value));
    return parseNumber(node.kind === Kind.STRING ? node.value : node.kind);
  },
});
