import { GraphQLError, type ValidationRule } from "graphql";

/**
 * Refuses number literals beyond float64, as 1e309: GraphQL reads them as Infinity, which the database keeps, and which no Float can
 * answer again: one such value of a worker or a run would make every later answer that holds it an error. As variables they are refused anyway.
 */
export const refuseOverflow: ValidationRule = (context) => {
  const check = (node: { value: string; kind: string }) => {
    if (Number.isFinite(Number(node.value))) return;
    const message = `${node.value.slice(0, 40)} is larger than a float64. Write a smaller number.`;
    context.reportError(new GraphQLError(message, { nodes: node as never, extensions: { code: "BAD_INPUT" } }));
  };
  return { FloatValue: check, IntValue: check };
};
