import { printRunOperand, type RunOperand, type RunOrderTerm } from "@residual/shared";
import { indexedText, isIndexedPath } from "../run-params.js";
import type { QueryScope } from "./condition-sql.js";
import { configSql, fieldSql, metricSql, type SqlType, sortableName } from "./operand-sql.js";
import type { SqlValues } from "./sql-values.js";

/** A column of a sort over the alias `run`. */
export interface SortColumn {
  readonly sql: string;
  readonly type: SqlType;
  readonly isDescending: boolean;
  readonly isNullable: boolean;
}

/**
 * Lists the runs of a segment in its order: an index to walk along. `value` is what it is sorted by, then by id. Whole: nothing else
 * decides, so that any first part of the walk is the first part of the list.
 */
interface Walk {
  readonly from: string;
  readonly value: string;
  readonly id: string;
  readonly isWhole: boolean;
}

/**
 * A stretch of a sorted list. Runs that have what they are sorted by come before those that lack it, whatever the direction, and each stretch
 * has an order that an index can have.
 */
export interface Segment {
  readonly condition: string | null;
  /** Together unique. */
  readonly columns: readonly SortColumn[];
  /** Null: the list of runs itself, sorted by Postgres as it finds best. */
  readonly walk: Walk | null;
}

/** The stretches of a sort, in order. */
export function segmentsOf(order: readonly RunOrderTerm[], values: SqlValues, scope: QueryScope): Segment[] {
  const [lead, ...rest] = order as readonly [RunOrderTerm, ...RunOrderTerm[]];
  const following = rest.flatMap((term) => columnsOf(term, values, scope));
  const { isDescending } = lead;
  const isWhole = following.length === 0;
  const id: SortColumn = { sql: "run.id", type: "text", isDescending, isNullable: false };
  const absent = (condition: string): Segment => ({ condition, columns: [...following, id], walk: null });
  const { operand } = lead;
  const distKey = values.add(scope.distKey, "bigint");
  if (operand.kind === "metric" && operand.summary === "best") {
    const series = `metric_series s WHERE s.dist_key = ${distKey} AND s.key = ${values.add(operand.key, "text")} AND s.best IS NOT NULL`;
    const value: SortColumn = {
      sql: metricSql(operand, values, scope.distKey),
      type: "number",
      isDescending,
      isNullable: false,
    };
    return [
      {
        condition: null,
        columns: [value, ...following, id],
        walk: { from: series, value: "s.best", id: "s.run_id", isWhole },
      },
      absent(`(${value.sql} IS NULL)`),
    ];
  }
  if (operand.kind === "config") {
    if (!isIndexedPath(operand.path))
      return [{ condition: null, columns: [...columnsOf(lead, values, scope), ...following, id], walk: null }];
    const { number, text } = configSql(operand, values);
    const params = `run_param p WHERE p.dist_key = ${distKey} AND p.path = ${values.add(printRunOperand(operand), "text")}`;
    const stretch = (column: "number" | "text", sql: string): Segment => ({
      condition: null,
      columns: [{ sql, type: column, isDescending, isNullable: false }, ...following, id],
      walk: {
        from: `${params} AND p.${column} IS NOT NULL`,
        value: `p.${column}`,
        id: "p.run_id",
        isWhole,
      },
    });
    return [
      stretch("number", number),
      stretch("text", `(left(${text}, ${indexedText}) COLLATE "C")`),
      absent(`(${number} IS NULL AND ${text} IS NULL)`),
    ];
  }
  const columns = columnsOf(lead, values, scope);
  const sorted = columns[0]!;
  // An id begins with the moment of creation.
  const ties = sorted.sql === id.sql ? [] : [id];
  if (!sorted.isNullable) return [{ condition: null, columns: [sorted, ...following, ...ties], walk: null }];
  return [
    {
      condition: `(${sorted.sql} IS NOT NULL)`,
      columns: [{ ...sorted, isNullable: false }, ...following, ...ties],
      walk: null,
    },
    absent(`(${sorted.sql} IS NULL)`),
  ];
}

const always: ReadonlySet<string> = new Set(["id", "name", "status", "experiment", "origin"]);

function columnsOf(
  { operand, isDescending }: RunOrderTerm,
  values: SqlValues,
  { distKey, now }: QueryScope,
): SortColumn[] {
  const column = (sql: string, type: SqlType, isNullable = true): SortColumn => ({
    sql,
    type,
    isDescending,
    isNullable,
  });
  switch (operand.kind) {
    case "metric":
      return [column(metricSql(operand, values, distKey), "number")];
    case "config": {
      const { number, text } = configSql(operand, values);
      return [column(number, "number"), column(`(left(${text}, ${indexedText}) COLLATE "C")`, "text")];
    }
    case "field":
      return [fieldColumn(operand, values, now, column)];
  }
}

function fieldColumn(
  { name }: RunOperand & { kind: "field" },
  values: SqlValues,
  now: number,
  column: (sql: string, type: SqlType, isNullable?: boolean) => SortColumn,
): SortColumn {
  switch (name) {
    case "name":
      return column(`(${sortableName} COLLATE "C")`, "text", false);
    case "experiment":
    case "dataset":
      return column(
        `(SELECT lower(o.name) COLLATE "C" FROM ${name} o WHERE o.dist_key = run.dist_key AND o.id = run.${name}_id)`,
        "text",
        name === "dataset",
      );
    case "createdAt":
      return column("run.id", "text", false);
    case "tag":
      throw new Error("Runs are not sorted by their tags");
    default: {
      const { sql, type } = fieldSql(name, values, now);
      return column(sql, type, !always.has(name));
    }
  }
}
