import {
  momentSpan,
  type RunComparison,
  type RunMembership,
  type RunOperand,
  type RunQuery,
  type RunValue,
} from "@residual/shared";
import { idBound, idPrefix } from "../../../ids.js";
import { configSql, fieldSql, metricSql, type SqlType } from "./operand-sql.js";
import { containsPattern, type SqlValues } from "./sql-values.js";

/** What conditions need to know besides the run. now: milliseconds since 1970. */
export interface QueryScope {
  readonly distKey: number;
  readonly now: number;
}

type Order = "=" | ">" | ">=" | "<" | "<=";

/**
 * The condition of a query over the alias `run`, for a WHERE clause. Conditions that a query does not negate may be NULL for false, so that
 * indexes serve them; under `not` they are made two-valued, as the language has it.
 */
export function conditionSql(query: RunQuery, values: SqlValues, scope: QueryScope): string {
  switch (query.kind) {
    case "and":
    case "or":
      return `(${query.terms.map((term) => conditionSql(term, values, scope)).join(query.kind === "and" ? " AND " : " OR ")})`;
    case "not":
      return `(${conditionSql(query.term, values, scope)} IS NOT TRUE)`;
    case "compare":
      return comparisonSql(query, values, scope);
    case "in":
      return membershipSql(query, values, scope);
  }
}

function membershipSql(query: RunMembership, values: SqlValues, scope: QueryScope): string {
  const { operand } = query;
  const texts = query.values.flatMap((value) => (value.kind === "text" ? [value.text] : []));
  const isPlain = operand.kind === "field" && !["tag", "experiment", "dataset", "createdAt"].includes(operand.name);
  const any =
    isPlain && texts.length === query.values.length
      ? `${fieldSql(operand.name as "status", values, scope.now).sql} = ANY(${values.add(texts, "text[]")})`
      : query.values
          .map((value) => comparisonSql({ kind: "compare", operand, operator: "=", value }, values, scope))
          .join(" OR ");
  return query.isNegated ? `((${any}) IS NOT TRUE)` : `(${any})`;
}

function comparisonSql(query: RunComparison, values: SqlValues, scope: QueryScope): string {
  const { operand, operator, value } = query;
  if (operator === "!=" || operator === "!~") {
    const positive = comparisonSql({ ...query, operator: operator === "!=" ? "=" : "~" }, values, scope);
    return `(${positive} IS NOT TRUE)`;
  }
  if (operand.kind === "config") return configComparison(operand, operator, value, values);
  if (operand.kind === "metric")
    return valueComparison(metricSql(operand, values, scope.distKey), "number", operator, value, values, scope);
  switch (operand.name) {
    case "createdAt":
      return creationComparison(operator, value, values, scope);
    case "tag":
      return tagComparison(operator, value, values);
    case "experiment":
    case "dataset":
      return relatedComparison(operand.name, operator, value, values, scope);
    default: {
      const { sql, type } = fieldSql(operand.name, values, scope.now);
      return valueComparison(sql, type, operator, value, values, scope);
    }
  }
}

function valueComparison(
  sql: string,
  type: SqlType,
  operator: Order | "~",
  value: RunValue,
  values: SqlValues,
  { now }: QueryScope,
): string {
  const moment = (at: number) => `to_timestamp(${values.add(at, "float8")} / 1000)`;
  switch (value.kind) {
    case "null":
      return `(${sql} IS NULL)`;
    case "text":
      return operator === "~" ? containsSql(sql, value.text, values) : `(${sql} = ${values.add(value.text, "text")})`;
    case "number":
    case "duration": {
      const number = value.kind === "number" ? value.number : value.seconds;
      return `(${sql} ${operator} ${values.add(number, "float8")})`;
    }
    case "ago":
      return `(${sql} ${operator} ${moment(now - value.seconds * 1_000)})`;
    case "moment": {
      const { from, to } = momentSpan(value.text);
      if (operator === "=") return `(${sql} >= ${moment(from)} AND ${sql} < ${moment(to)})`;
      if (operator === ">") return `(${sql} >= ${moment(to)})`;
      return `(${sql} ${operator === "<=" ? "<" : operator} ${moment(operator === "<=" ? to : from)})`;
    }
    case "flag":
      throw new Error(`No ${type} is compared with true or false`);
  }
}

function containsSql(sql: string, text: string, values: SqlValues): string {
  return `(lower(${sql} COLLATE "C") LIKE ${values.add(containsPattern(text), "text")})`;
}

function configComparison(
  operand: RunOperand & { kind: "config" },
  operator: Order | "~",
  value: RunValue,
  values: SqlValues,
): string {
  const { json, number, text } = configSql(operand, values);
  switch (value.kind) {
    case "null":
      return `(coalesce(${json}, 'null') = 'null')`;
    case "number":
      return `(${number} ${operator} ${values.add(value.number, "float8")})`;
    case "flag":
      return `(${json} = to_jsonb(${values.add(value.flag, "boolean")}))`;
    case "text":
      return operator === "~"
        ? containsSql(text, value.text, values)
        : `(${json} = to_jsonb(${values.add(value.text, "text")}))`;
    default:
      throw new Error(`A training config holds no ${value.kind}`);
  }
}

/** A run's id begins with the moment of its creation: the list's own index answers. */
function creationComparison(operator: Order | "~", value: RunValue, values: SqlValues, { now }: QueryScope): string {
  const before = (moment: number) => `run.id < ${values.add(idBound("run", moment), "text")}`;
  const from = (moment: number) => `run.id >= ${values.add(idBound("run", moment), "text")}`;
  if (value.kind === "null") return "false";
  const ago = value.kind === "ago" ? now - value.seconds * 1_000 : 0;
  // Moments of creation are whole milliseconds.
  const span = value.kind === "moment" ? momentSpan(value.text) : { from: ago, to: Math.floor(ago) + 1 };
  switch (operator) {
    case "<":
      return `(${before(span.from)})`;
    case ">=":
      return `(${from(span.from)})`;
    case "<=":
      return `(${before(span.to)})`;
    case ">":
      return `(${from(span.to)})`;
    default:
      return `(${from(span.from)} AND ${before(span.to)})`;
  }
}

function tagComparison(operator: Order | "~", value: RunValue, values: SqlValues): string {
  if (value.kind === "null") return "(cardinality(run.tags) = 0)";
  const { text } = value as RunValue & { kind: "text" };
  if (operator !== "~") return `(run.tags @> ARRAY[${values.add(text, "text")}])`;
  return `EXISTS (SELECT FROM unnest(run.tags) AS tag WHERE ${containsSql("tag", text, values)})`;
}

/** Experiments and datasets are meant by id or by name. */
function relatedComparison(
  table: "experiment" | "dataset",
  operator: Order | "~",
  value: RunValue,
  values: SqlValues,
  { distKey }: QueryScope,
): string {
  const column = `run.${table}_id`;
  if (value.kind === "null") return `(${column} IS NULL)`;
  const { text } = value as RunValue & { kind: "text" };
  if (operator !== "~" && idPrefix(text)) return `(${column} = ${values.add(text, "text")})`;
  const names =
    operator === "~"
      ? `${containsSql("o.name", text, values)} OR ${containsSql("o.id", text, values)}`
      : `o.id = ${values.add(text, "text")} OR o.name = ${values.add(text, "text")}`;
  return `(${column} = ANY(ARRAY(SELECT o.id FROM ${table} o WHERE o.dist_key = ${values.add(distKey, "bigint")} AND (${names}))))`;
}
