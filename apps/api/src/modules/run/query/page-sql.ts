import type { RunCursor } from "./run-cursor.js";
import type { SortColumn } from "./segments.js";
import type { SqlValues } from "./sql-values.js";

const keyOf = ({ sql, type }: SortColumn): string =>
  type === "moment" ? `(extract(epoch FROM ${sql}) * 1000)::float8` : sql;

/** A cursor's value as the column compares it. */
export function boundSql({ type }: SortColumn, value: string | number | null, values: SqlValues): string {
  if (type === "moment") return `to_timestamp(${values.add(value, "float8")} / 1000)`;
  return values.add(value, type === "text" ? "text" : "float8");
}

/** The last run's values, as a JSON list: what a cursor holds. */
export function keySql(columns: readonly SortColumn[]): string {
  return `json_build_array(${columns.map(keyOf).join(", ")})`;
}

export function orderSql(columns: readonly SortColumn[]): string {
  return columns
    .map(
      ({ sql, isDescending, isNullable }) =>
        `${sql} ${isDescending ? "DESC" : "ASC"}${isNullable ? " NULLS LAST" : ""}`,
    )
    .join(", ");
}

/** Whether a run comes after the place that a cursor names. */
export function beyondSql(columns: readonly SortColumn[], key: RunCursor["key"], values: SqlValues): string {
  const isUniform = columns.every(
    ({ isNullable, isDescending }) => !isNullable && isDescending === columns[0]!.isDescending,
  );
  // An index on these columns starts right there.
  if (isUniform) {
    const bounds = columns.map((column, i) => boundSql(column, key[i]!, values));
    return `(${columns.map(({ sql }) => sql).join(", ")}) ${columns[0]!.isDescending ? "<" : ">"} (${bounds.join(", ")})`;
  }
  const alternatives = columns.map((column, i) => {
    const before = columns.slice(0, i).map((other, j) => equalSql(other, key[j] ?? null, values));
    return `(${[...before, furtherSql(column, key[i] ?? null, values)].join(" AND ")})`;
  });
  return `(${alternatives.join(" OR ")})`;
}

function equalSql(column: SortColumn, value: string | number | null, values: SqlValues): string {
  return value === null ? `${column.sql} IS NULL` : `${column.sql} = ${boundSql(column, value, values)}`;
}

/** Nulls are last: nothing is further than they. */
function furtherSql(column: SortColumn, value: string | number | null, values: SqlValues): string {
  if (value === null) return "false";
  const further = `${column.sql} ${column.isDescending ? "<" : ">"} ${boundSql(column, value, values)}`;
  return column.isNullable ? `(${further} OR ${column.sql} IS NULL)` : further;
}
