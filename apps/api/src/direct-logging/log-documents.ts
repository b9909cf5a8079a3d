import {
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import { limitQueries, queryLimits } from "../query-limits.js";
import { refuseOverflow } from "../query-numbers.js";

/** Scripts have one such document each, and there are few kinds of script. */
const MOST_DOCUMENTS = 64;
const LONGEST_DOCUMENT = 4_096;

/** Documents that only log, read and validated once: scripts send the same one with every step. */
export class LogDocuments {
  readonly #known = new Map<string, DocumentNode>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** The document, where all that it does is logMetrics and nothing is wrong with it; else null. What holds its values itself is not kept. */
  find(text: unknown): DocumentNode | null {
    if (typeof text !== "string" || text.length > LONGEST_DOCUMENT) return null;
    const known = this.#known.get(text);
    if (known || !text.includes("logMetrics")) return known ?? null;
    const document = read(text);
    if (!document || !onlyLogs(document.definitions)) return null;
    if (validate(this.schema, document, [...specifiedRules, limitQueries, refuseOverflow]).length > 0) return null;
    if (this.#known.size >= MOST_DOCUMENTS) this.#known.clear();
    this.#known.set(text, document);
    return document;
  }
}

function read(text: string): DocumentNode | null {
  try {
    return parse(text, { maxTokens: queryLimits.tokens });
  } catch {
    return null;
  }
}

function onlyLogs(definitions: readonly DefinitionNode[]): boolean {
  const [operation] = definitions;
  return (
    definitions.length === 1 &&
    operation?.kind === Kind.OPERATION_DEFINITION &&
    operation.operation === OperationTypeNode.MUTATION &&
    (operation.variableDefinitions ?? []).length > 0 &&
    operation.selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && selection.name.value === "logMetrics",
    )
  );
}
