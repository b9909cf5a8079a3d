import type { RunField } from "./run-fields.js";

/** Which of a series' values stands for it. */
export const metricSummaries = ["best", "last", "min", "max"] as const;
export type MetricSummaryName = (typeof metricSummaries)[number];

/** What a query compares: a field of the run, a value in its training config, or a summary of one of its metrics. */
export type RunOperand =
  | { readonly kind: "field"; readonly name: RunField }
  | { readonly kind: "config"; readonly path: readonly string[] }
  | { readonly kind: "metric"; readonly key: string; readonly summary: MetricSummaryName };

const runOperators = ["=", "!=", ">", ">=", "<", "<=", "~", "!~"] as const;
export type RunOperator = (typeof runOperators)[number];

/**
 * What it is compared with. A moment is a text as `2026-11-01` or `2026-11-01T09:30Z` and means the whole day, minute or second (UTC);
 * `ago` counts seconds back from when the query is asked.
 */
export type RunValue =
  | { readonly kind: "null" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "flag"; readonly flag: boolean }
  | { readonly kind: "moment"; readonly text: string }
  | { readonly kind: "ago"; readonly seconds: number }
  | { readonly kind: "duration"; readonly seconds: number };

export type RunComparison = {
  readonly kind: "compare";
  readonly operand: RunOperand;
  readonly operator: RunOperator;
  readonly value: RunValue;
};

export type RunMembership = {
  readonly kind: "in";
  readonly operand: RunOperand;
  readonly isNegated: boolean;
  /** At least one. */
  readonly values: readonly RunValue[];
};

/**
 * A question about runs, and the one form of it: text, chips and SQL are made from this. Every condition is true or false of a run, never
 * unknown: what a run lacks equals null and nothing else, and `not`, `!=`, `!~` and `not in` are the exact complements.
 */
export type RunQuery =
  /** Two terms or more, none of the same kind. */
  | { readonly kind: "and" | "or"; readonly terms: readonly RunQuery[] }
  | { readonly kind: "not"; readonly term: RunQuery }
  | RunComparison
  | RunMembership;

/** A sort of runs: the first term decides, the next breaks its ties. Runs without a value come last both ways. */
export type RunOrderTerm = { readonly operand: RunOperand; readonly isDescending: boolean };
