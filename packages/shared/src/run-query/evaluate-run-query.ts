import { momentSpan } from "./moment.js";
import type { MetricSummaryName, RunOperand, RunOperator, RunQuery, RunValue } from "./run-query.js";

/** A run as a query sees it. Moments are in milliseconds since 1970; experiment and dataset are known by name and by id. */
export interface QueriedRun {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly architecture: string | null;
  readonly tags: readonly string[];
  readonly experiment: { readonly id: string; readonly name: string };
  readonly dataset: { readonly id: string; readonly name: string } | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly speed: number | null;
  readonly gap: number | null;
  readonly lossGap: number | null;
  readonly verdict: string | null;
  readonly seed: number | null;
  readonly group: string | null;
  readonly origin: string;
  readonly notes: string;
  readonly error: string | null;
  readonly config: unknown;
  /** Null where the metric was not logged. */
  metric(key: string, summary: MetricSummaryName): number | null;
}

/**
 * Whether a run answers a query, by the definition of the language; what the API's SQL does is tested against it. now: milliseconds
 * since 1970, for `-7d` and for the duration of a run that has not ended.
 */
export function matchesRunQuery(query: RunQuery | null, run: QueriedRun, now: number): boolean {
  if (query === null) return true;
  switch (query.kind) {
    case "and":
      return query.terms.every((term) => matchesRunQuery(term, run, now));
    case "or":
      return query.terms.some((term) => matchesRunQuery(term, run, now));
    case "not":
      return !matchesRunQuery(query.term, run, now);
    case "compare":
      return holds(query.operand, query.operator, query.value, run, now);
    case "in":
      return query.values.some((value) => holds(query.operand, "=", value, run, now)) !== query.isNegated;
  }
}

type Scalar = string | number | boolean | null;

function holds(operand: RunOperand, operator: RunOperator, value: RunValue, run: QueriedRun, now: number): boolean {
  if (operator === "!=") return !holds(operand, "=", value, run, now);
  if (operator === "!~") return !holds(operand, "~", value, run, now);
  const found = valuesOf(operand, run, now);
  if (value.kind === "null") return found.every((one) => one === null);
  return found.some((one) => one !== null && compares(one, operator, value, now));
}

/** What stands at an operand: several for tags and for what has a name and an id. NaN and infinities of a metric are no values. */
function valuesOf(operand: RunOperand, run: QueriedRun, now: number): Scalar[] {
  if (operand.kind === "metric") {
    const value = run.metric(operand.key, operand.summary);
    return [Number.isFinite(value) ? value : null];
  }
  if (operand.kind === "config") {
    const value = at(run.config, operand.path);
    // Objects and lists are there, so not null, but equal to nothing.
    return [typeof value === "object" && value !== null ? Number.NaN : ((value ?? null) as Scalar)];
  }
  switch (operand.name) {
    case "tag":
      return [...run.tags];
    case "experiment":
      return [run.experiment.id, run.experiment.name];
    case "dataset":
      return run.dataset ? [run.dataset.id, run.dataset.name] : [null];
    case "duration":
      return [run.startedAt === null ? null : ((run.finishedAt ?? now) - run.startedAt) / 1_000];
    default:
      return [run[operand.name]];
  }
}

function at(config: unknown, path: readonly string[]): unknown {
  let value = config;
  for (const name of path) {
    if (typeof value !== "object" || value === null) return null;
    if (Array.isArray(value)) value = /^-?\d+$/.test(name) ? value.at(Number(name)) : null;
    else value = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null;
  }
  return value;
}

function compares(found: string | number | boolean, operator: RunOperator, value: RunValue, now: number): boolean {
  switch (value.kind) {
    case "text":
      if (typeof found !== "string") return false;
      return operator === "~" ? foldCase(found).includes(foldCase(value.text)) : found === value.text;
    case "flag":
      return found === value.flag;
    case "moment": {
      const { from, to } = momentSpan(value.text);
      return typeof found === "number" && comparesSpan(found, operator, from, to);
    }
    case "ago": {
      const moment = now - value.seconds * 1_000;
      return typeof found === "number" && orders(found, operator, moment);
    }
    case "number":
      return typeof found === "number" && orders(found, operator, value.number);
    case "duration":
      return typeof found === "number" && orders(found, operator, value.seconds);
    case "null":
      return false;
  }
}

/** Only A–Z have two cases: what other letters do depends on the server's language. */
const foldCase = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function comparesSpan(found: number, operator: RunOperator, from: number, to: number): boolean {
  if (operator === "=") return found >= from && found < to;
  return operator === ">" || operator === "<="
    ? orders(found, operator === ">" ? ">=" : "<", to)
    : orders(found, operator, from);
}

function orders(a: number, operator: RunOperator, b: number): boolean {
  switch (operator) {
    case "=":
      return a === b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    default:
      return false;
  }
}
