import type { ApolloServerPlugin } from "@apollo/server";
import { type DocumentNode, Kind, visit } from "graphql";
import type { Context } from "./context.js";
import type { DashboardOperations } from "./dashboard-operations.js";
import { AppError } from "./errors.js";
import { costOf, queryLimits } from "./query-limits.js";
import { noteErrors } from "./request-id.js";

/**
 * What is decided of an operation by who sends it, before any of it runs: share links run the dashboard's operations only, and only people and keys
 * are told the schema. Which request an error belongs to. And what a query cost of what it may, for whoever writes one: extensions.cost.
 */
export function guardOperations(dashboard: DashboardOperations): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, contextValue: { viewer } }) {
          if (viewer?.kind === "SHARE_LINK") dashboard.check(document, operation!);
          if ((!viewer || viewer.kind === "SHARE_LINK") && asksForSchema(document)) throw noSchema();
        },
        async didEncounterErrors({ errors, contextValue }) {
          noteErrors(errors, contextValue.requestId);
        },
        async willSendResponse({ operation, response: { body }, contextValue: { viewer } }) {
          if (body.kind === "single" && body.singleResult.errors && (!viewer || viewer.kind === "SHARE_LINK"))
            body.singleResult.errors = body.singleResult.errors.map(withoutHints);
          const cost = operation?.operation === "query" ? costOf(operation) : undefined;
          if (cost === undefined || body.kind !== "single" || !body.singleResult.data) return;
          body.singleResult.extensions = {
            ...body.singleResult.extensions,
            cost: { asked: cost, limit: queryLimits.cost },
          };
        },
      };
    },
  };
}

/** Without the names that graphql-js guesses were meant: who is not told the schema must not get it word by word. */
export function withoutHints<E extends { message: string }>(error: E): E {
  return { ...error, message: error.message.replace(/ Did you mean .*$/s, "") };
}

const asked = new WeakMap<DocumentNode, boolean>();

function asksForSchema(document: DocumentNode): boolean {
  const known = asked.get(document);
  if (known !== undefined) return known;
  let found = false;
  visit(document, {
    [Kind.FIELD](field) {
      if (field.name.value === "__schema" || field.name.value === "__type") found = true;
    },
  });
  asked.set(document, found);
  return found;
}

function noSchema(): AppError {
  return new AppError(
    "UNAUTHENTICATED",
    'The schema is told to people and API keys. Sign in, send the header "Authorization: Bearer res_…", or read packages/shared/schema.graphql.',
    { http: { status: 401 } },
  );
}
