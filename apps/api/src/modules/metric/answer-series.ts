import { type ApolloServerPlugin, type GraphQLResponse, HeaderMap } from "@apollo/server";
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from "graphql";
import type { Context } from "../../context.js";
import type { Series } from "./metric.type.js";
import { type SeriesField, seriesFields, seriesJson } from "./series-json.js";

type AskedSeries = { node: FieldNode; responseName: string; fields: SeriesField[] };

/**
 * Streams the answer of a query for series alone. Resolved is it as ever; but executing some hundred thousand fields, and texts of all columns
 * until the last is ready, would take as long as reading them, and a hundred megabytes. Whatever fails here is executed, and fails in the usual way.
 */
export function answerSeries(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  const field = schema.getQueryType()!.getFields().metricSeries!;
  const known = new WeakMap<OperationDefinitionNode, AskedSeries[] | null>();
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ document, operation, request, contextValue }): Promise<GraphQLResponse | null> {
          const { streamed } = contextValue;
          // Apollo asks for an operation that the document has not, too.
          if (!streamed || !(operation as OperationDefinitionNode | undefined)) return null;
          const asked = known.get(operation) ?? askedSeries(document, operation);
          known.set(operation, asked);
          if (!asked) return null;
          const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {});
          if (!coerced) return null;
          // What is counted in it counts again, should it be executed.
          const context: Context = Object.create(contextValue);
          try {
            const answered = await Promise.all(
              asked.map(async ({ node, responseName, fields }) => {
                const args = getArgumentValues(field, node, coerced);
                const series = (await field.resolve!(undefined, args, context, noInfo)) as Series[];
                return [responseName, seriesJson(series, fields)] as const;
              }),
            );
            const data = Object.fromEntries(answered.map(([name, json]) => [name, streamed.add(json)]));
            return {
              http: { status: undefined, headers: new HeaderMap() },
              body: { kind: "single", singleResult: { data } },
            };
          } catch {
            return null;
          }
        },
      };
    },
  };
}

/** The resolver reads its arguments and the context. */
const noInfo = {} as GraphQLResolveInfo;

function askedSeries(document: DocumentNode, operation: OperationDefinitionNode): AskedSeries[] | null {
  if (operation.operation !== "query" || operation.directives?.length) return null;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const asked = operation.selectionSet.selections.map((node) => {
    if (node.kind !== Kind.FIELD || node.name.value !== "metricSeries" || node.directives?.length) return null;
    const fields = seriesFields(node.selectionSet!, fragments);
    return fields && { node, responseName: node.alias?.value ?? node.name.value, fields };
  });
  const all = asked.filter((one) => one !== null);
  const isWhole = all.length === asked.length && new Set(all.map((one) => one.responseName)).size === all.length;
  return isWhole ? all : null;
}
