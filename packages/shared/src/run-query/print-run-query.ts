import { durationText } from "./moment.js";
import type { RunOperand, RunOrderTerm, RunQuery, RunValue } from "./run-query.js";
import { keywords, quote } from "./run-query-tokens.js";

/** The canonical text of a query: it parses back to the same query, and a canonical text prints as it is. null: the empty query. */
export function printRunQuery(query: RunQuery | null): string {
  return query === null ? "" : print(query);
}

/** The canonical text of a sort, as `-val/accuracy@best,name`. */
export function printRunOrder(terms: readonly RunOrderTerm[]): string {
  return terms.map(({ operand, isDescending }) => `${isDescending ? "-" : ""}${printRunOperand(operand)}`).join(",");
}

function print(query: RunQuery): string {
  switch (query.kind) {
    case "and":
    case "or":
      return query.terms
        .map((term) => (binds(term, query.kind) ? print(term) : `(${print(term)})`))
        .join(` ${query.kind} `);
    case "not":
      return query.term.kind === "and" || query.term.kind === "or"
        ? `not (${print(query.term)})`
        : `not ${print(query.term)}`;
    case "compare":
      return `${printRunOperand(query.operand)} ${query.operator} ${printRunValue(query.value)}`;
    case "in":
      return `${printRunOperand(query.operand)} ${query.isNegated ? "not in" : "in"} (${query.values.map(printRunValue).join(", ")})`;
  }
}

/** Whether a term stands inside `and` or `or` without parentheses. */
function binds(term: RunQuery, inside: "and" | "or"): boolean {
  return term.kind !== "or" && (term.kind !== "and" || inside === "or");
}

/** An operand as a query writes it. */
export function printRunOperand(operand: RunOperand): string {
  switch (operand.kind) {
    case "field":
      return operand.name;
    case "config":
      return ["config", ...operand.path.map((name) => (/^[\w-]+$/.test(name) ? name : quote(name)))].join(".");
    case "metric":
      return `${printMetricKey(operand.key)}@${operand.summary}`;
  }
}

/** The key of a metric as a query writes it before the @. */
export function printMetricKey(key: string): string {
  return /^[A-Za-z_][\w./-]*$/.test(key) && !/^(config|params)\./i.test(key) ? key : quote(key);
}

/** A value as a query writes it: bare where it can be, else in quotes. */
export function printRunValue(value: RunValue): string {
  switch (value.kind) {
    case "null":
      return "null";
    case "text":
      return printText(value.text);
    case "number":
      return String(value.number);
    case "flag":
      return String(value.flag);
    case "moment":
      return value.text;
    case "ago":
      return `-${durationText(value.seconds)}`;
    case "duration":
      return durationText(value.seconds);
  }
}

/** A text bare where it reads back as the same text, else in quotes. */
export function printText(text: string): string {
  return /^[A-Za-z_][\w./:+-]*$/.test(text) && !keywords.has(text.toLowerCase()) ? text : quote(text);
}
