import { parseOperand, type RunQueryVocabulary } from "./parse-operand.js";
import { printRunOperand } from "./print-run-query.js";
import { runFields } from "./run-fields.js";
import type { RunOrderTerm } from "./run-query.js";
import { sayRunQuery } from "./run-query-messages.js";
import { problemAt, RunQueryError, type RunQueryProblem } from "./run-query-problem.js";
import { type RunQueryToken, runQueryTokens } from "./run-query-tokens.js";

const maxTerms = 5;

/** Newest first. */
export const defaultRunOrder = "-createdAt";

export type ParsedRunOrder =
  | { readonly terms: readonly RunOrderTerm[]; readonly problem: null }
  | { readonly terms: null; readonly problem: RunQueryProblem };

/** Reads a sort: fields, config paths and metric summaries between commas, each with a `-` before it where the largest comes first. Never throws. */
export function parseRunOrder(text: string, vocabulary: RunQueryVocabulary = {}): ParsedRunOrder {
  try {
    const tokens = runQueryTokens(text.slice(0, 1_000));
    const terms: RunOrderTerm[] = [];
    for (let i = 0; ; i += 2) {
      terms.push(orderTerm(tokens[i]!, vocabulary));
      const join = tokens[i + 1]!;
      if (join.kind === "end") return { terms, problem: null };
      if (join.kind !== ",") throw problemAt(join, sayRunQuery("runQuery.unexpected", { text: join.text }));
      if (terms.length === maxTerms) throw problemAt(join, sayRunQuery("runQuery.tooManyTerms", { max: maxTerms }));
    }
  } catch (error) {
    if (error instanceof RunQueryError) return { terms: null, problem: error.problem };
    throw error;
  }
}

function orderTerm(token: RunQueryToken, vocabulary: RunQueryVocabulary): RunOrderTerm {
  if (token.kind !== "word")
    throw problemAt(token, sayRunQuery("runQuery.expectedOperand", {}), { expected: { kind: "operand" } });
  const [first, ...rest] = token.pieces;
  const isDescending = !first!.isQuoted && first!.text.startsWith("-");
  const bare = isDescending ? first!.text.slice(1) : first!.text;
  const pieces = bare === "" && rest.length > 0 && !first!.isQuoted ? rest : [{ ...first!, text: bare }, ...rest];
  const skipped = isDescending ? 1 : 0;
  const named = { ...token, pieces, offset: token.offset + skipped, length: token.length - skipped };
  const operand = parseOperand(named, vocabulary);
  if (operand.kind === "field" && !runFields[operand.name].isSortable)
    throw problemAt(named, sayRunQuery("runQuery.notSortable", { name: printRunOperand(operand) }));
  return { operand, isDescending };
}
