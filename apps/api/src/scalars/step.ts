import { GraphQLError, GraphQLScalarType, Kind } from "graphql";

function parseStep(value: unknown): number {
  // Text is taken too: a client whose JSON numbers end at 2^31 can still name a large step.
  const step = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof step === "number" && Number.isSafeInteger(step) && step >= 0) return step;
  throw new GraphQLError(`${String(value).slice(0, 40)} is no step: an integer from 0 to 2^53−1 is expected.`, {
    extensions: { code: "BAD_INPUT", limit: Number.MAX_SAFE_INTEGER },
  });
}

/** An integer from 0 to 2^53−1 (GraphQL's Int ends at 2^31−1): steps, counts, bytes. */
export const StepScalar = new GraphQLScalarType<number, number>({
  name: "Step",
  description: "An integer from 0 to 2^53−1.",
  serialize: parseStep,
  parseValue: parseStep,
  parseLiteral(node) {
    if (node.kind === Kind.INT) return parseStep(Number(node.value));
    return parseStep(node.kind === Kind.STRING ? node.value : node.kind);
  },
});
