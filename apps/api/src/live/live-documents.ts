import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  parse,
  type SelectionSetNode,
  specifiedRules,
  validate,
  visit,
} from "graphql";
import { AppError } from "../errors.js";
import { limitQueries, queryLimits } from "../query-limits.js";
import { refuseOverflow } from "../query-numbers.js";

/** A document that may run, and whether what it selects of an event is the same for all variables. */
export type LiveDocument = { document: DocumentNode; isUniform: boolean };

const remembered = 256;

/**
 * Documents of subscriptions, parsed and checked as Apollo would; graphql-ws by itself knows none of our rules. 10,000 subscriptions of a
 * dashboard are one document: it is checked and kept once.
 */
export class LiveDocuments {
  readonly #known = new Map<string, LiveDocument>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** The document, or why it may not run. Only subscriptions may. */
  prepare(query: string, operationName: string | null | undefined): LiveDocument | readonly GraphQLError[] {
    const id = `${operationName ?? ""}\n${query}`;
    const known = this.#known.get(id);
    if (known) return known;
    const checked = this.#check(query, operationName);
    if (!("document" in checked)) return checked;
    const [oldest] = this.#known.keys();
    if (this.#known.size === remembered) this.#known.delete(oldest!);
    this.#known.set(id, checked);
    return checked;
  }

  #check(query: string, operationName: string | null | undefined): LiveDocument | readonly GraphQLError[] {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: queryLimits.tokens });
    } catch (error) {
      return [error as GraphQLError];
    }
    const errors = validate(this.schema, document, [...specifiedRules, limitQueries, refuseOverflow], {
      maxErrors: 10,
    });
    if (errors.length > 0) return errors;
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== "subscription") {
      return [
        new AppError("BAD_INPUT", "Only subscriptions run over WebSocket. Send queries and mutations by HTTP POST."),
      ];
    }
    const isUniform = operation.selectionSet.selections.every(
      (root) => root.kind === Kind.FIELD && root.selectionSet && !takesVariables(root.selectionSet),
    );
    // Fragments may take variables too; who sends them gives up the sharing, nothing else.
    return { document, isUniform: isUniform && !hasFragmentWithVariables(document) };
  }
}

function takesVariables(selections: SelectionSetNode): boolean {
  let isTaken = false;
  visit(selections, {
    Variable() {
      isTaken = true;
    },
  });
  return isTaken;
}

function hasFragmentWithVariables(document: DocumentNode): boolean {
  return document.definitions.some(
    (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && takesVariables(definition.selectionSet),
  );
}
