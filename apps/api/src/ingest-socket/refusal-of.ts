import type { IngestRefusal } from "@residual/shared";
import { GraphQLError } from "graphql";
import { formatError } from "../format-error.js";

/** What a writer learns of an error: the codes and the words that the GraphQL API would use. */
export function refusalOf(error: unknown, log: (line: string) => void): IngestRefusal {
  const known =
    error instanceof GraphQLError ? error : new GraphQLError("", { originalError: error as Error, path: ["ingest"] });
  const { message, extensions } = formatError(known.toJSON(), known, log);
  return { code: "INTERNAL", ...extensions, message };
}
