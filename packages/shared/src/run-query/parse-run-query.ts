import { parseOperand, type RunQueryVocabulary } from "./parse-operand.js";
import { operatorsOf, parseValue } from "./parse-value.js";
import { printRunOperand } from "./print-run-query.js";
import type { RunOperand, RunOperator, RunQuery, RunValue } from "./run-query.js";
import { sayRunQuery } from "./run-query-messages.js";
import { problemAt, RunQueryError, type RunQueryExpectation, type RunQueryProblem } from "./run-query-problem.js";
import { type RunQueryToken, runQueryTokens } from "./run-query-tokens.js";

/** What a text costs to read and a query to answer is bounded. */
export const runQueryLimits = { characters: 20_000, terms: 1_000, depth: 100 } as const;

export type ParsedRunQuery =
  /** query is null where the text is empty: every run. */
  | { readonly query: RunQuery | null; readonly problem: null }
  | { readonly query: null; readonly problem: RunQueryProblem };

/**
 * Reads a query such as `architecture in (resnet50, resnet101) and val/accuracy@best > 0.9 and not tag = baseline`.
 * `or` binds weakest, then `and`, then `not`. Never throws: a text that is no query comes back with its first problem. Whatever was typed, the
 * query is in the one form that printRunQuery writes.
 */
export function parseRunQuery(text: string, vocabulary: RunQueryVocabulary = {}): ParsedRunQuery {
  const { characters } = runQueryLimits;
  try {
    if (text.length > characters) {
      const place = { offset: characters, length: text.length - characters };
      throw problemAt(place, sayRunQuery("runQuery.tooLong", { value: text.length, max: characters }));
    }
    const tokens = runQueryTokens(text);
    if (tokens[0]!.kind === "end") return { query: null, problem: null };
    return { query: new Parser(tokens, vocabulary).whole(), problem: null };
  } catch (error) {
    if (error instanceof RunQueryError) return { query: null, problem: error.problem };
    throw error;
  }
}

class Parser {
  private next = 0;
  private depth = 0;
  private terms = 0;

  constructor(
    private readonly tokens: readonly RunQueryToken[],
    private readonly vocabulary: RunQueryVocabulary,
  ) {}

  whole(): RunQuery {
    const query = this.joined("or");
    const token = this.peek();
    if (token.kind === ")")
      throw problemAt(token, sayRunQuery("runQuery.unopenedParenthesis", {}), { replacement: "" });
    if (token.kind !== "end")
      throw problemAt(token, sayRunQuery("runQuery.expectedJoin", {}), {
        replacement: token.kind === "word" ? `and ${token.text}` : null,
        expected: { kind: "join" },
      });
    return query;
  }

  private joined(kind: "or" | "and"): RunQuery {
    const terms: RunQuery[] = [];
    do {
      const term = kind === "or" ? this.joined("and") : this.negated();
      // (a and b) and c is a and b and c.
      if (term.kind === kind) terms.push(...term.terms);
      else terms.push(term);
    } while (this.takeWord(kind));
    return terms.length === 1 ? terms[0]! : { kind, terms };
  }

  private negated(): RunQuery {
    if (this.takeWord("not")) {
      this.descend();
      const term = this.negated();
      this.depth--;
      return { kind: "not", term };
    }
    const open = this.peek();
    if (open.kind !== "(") return this.condition();
    this.next++;
    this.descend();
    const query = this.joined("or");
    this.depth--;
    const token = this.take();
    if (token.kind === ")") return query;
    if (token.kind === "end")
      throw problemAt(open, sayRunQuery("runQuery.unclosedParenthesis", {}), { expected: { kind: "join" } });
    throw problemAt(token, sayRunQuery("runQuery.expectedJoin", {}), {
      replacement: token.kind === "word" ? `and ${token.text}` : null,
      expected: { kind: "join" },
    });
  }

  private condition(): RunQuery {
    const word = this.take();
    if (word.kind !== "word")
      throw problemAt(shown(word), sayRunQuery("runQuery.expectedOperand", {}), { expected: { kind: "operand" } });
    const operand = parseOperand(word, this.vocabulary);
    const isNegated = this.takeWord("not");
    if (this.takeWord("in")) return { kind: "in", operand, isNegated, values: this.list(operand) };
    const token = this.take();
    const operators = operatorsOf(operand);
    const expected: RunQueryExpectation = { kind: "operator", operand };
    const values = { name: printRunOperand(operand), operators: [...operators, "in", "not in"].join("  ") };
    if (token.kind !== "operator" || isNegated)
      throw problemAt(shown(token), sayRunQuery("runQuery.expectedOperator", values), { expected });
    const operator = (token.text === "==" ? "=" : token.text) as RunOperator;
    if (!operators.includes(operator)) {
      const replacement = operator.includes("~") ? null : "=";
      const message = sayRunQuery("runQuery.wrongOperator", { ...values, operator });
      throw problemAt(token, message, { replacement, expected });
    }
    return { kind: "compare", operand, operator, value: this.value(operand, operator, false) };
  }

  private list(operand: RunOperand): RunValue[] {
    const open = this.take();
    if (open.kind !== "(")
      throw problemAt(shown(open), sayRunQuery("runQuery.expectedList", {}), {
        replacement: open.kind === "word" ? `(${open.text})` : null,
      });
    const values: RunValue[] = [];
    for (;;) {
      values.push(this.value(operand, "=", true));
      const token = this.take();
      if (token.kind === ")") return values;
      if (token.kind === "end") throw problemAt(open, sayRunQuery("runQuery.unclosedParenthesis", {}));
      if (token.kind !== ",") throw problemAt(token, sayRunQuery("runQuery.unexpected", { text: token.text }));
    }
  }

  private value(operand: RunOperand, operator: RunOperator, isInList: boolean): RunValue {
    const { terms } = runQueryLimits;
    const token = this.take();
    if (++this.terms > terms) throw problemAt(token, sayRunQuery("runQuery.tooManyTerms", { max: terms }));
    if (token.kind === "word") return parseValue(token, operand, operator);
    throw problemAt(shown(token), sayRunQuery("runQuery.expectedValue", {}), {
      expected: { kind: "value", operand, isInList },
    });
  }

  private descend(): void {
    const { depth } = runQueryLimits;
    if (++this.depth > depth) throw problemAt(this.peek(), sayRunQuery("runQuery.tooDeep", { max: depth }));
  }

  private peek(): RunQueryToken {
    return this.tokens[this.next]!;
  }

  private take(): RunQueryToken {
    const token = this.peek();
    if (token.kind !== "end") this.next++;
    return token;
  }

  /** Takes the next token if it is this word of the language. */
  private takeWord(keyword: string): boolean {
    const { kind, pieces, text } = this.peek();
    if (kind !== "word" || pieces[0]!.isQuoted || text.toLowerCase() !== keyword) return false;
    this.next++;
    return true;
  }
}

/** The end of a text has no character to underline: then the place behind it. */
function shown(token: RunQueryToken): { offset: number; length: number } {
  return token.kind === "end" ? { offset: token.offset, length: 1 } : token;
}
