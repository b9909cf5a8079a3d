import { printRunOperand, type RunComparison, type RunQuery, type RunValue } from "@residual/shared";
import { cutText, isIndexedPath } from "../run-params.js";
import { conditionSql, type QueryScope } from "./condition-sql.js";
import type { SqlValues } from "./sql-values.js";

/**
 * A condition that every answer of the query meets and that an index lists: `from` is FROM and WHERE, `id` the run's id in it. Exact:
 * the list says all that the condition says.
 */
export interface Candidates {
  readonly from: string;
  readonly id: string;
  readonly isExact: boolean;
  /** Whether an index alone gives the list, without a look at each run. */
  readonly isCovered: boolean;
  readonly term: RunQuery;
}

const listed: ReadonlySet<string> = new Set(["status", "architecture", "verdict", "tag", "experiment", "name", "id"]);

/** Every way to come at the answers of a query through an index instead of reading the list. */
export function candidatesOf(query: RunQuery, values: SqlValues, scope: QueryScope): Candidates[] {
  const terms = query.kind === "and" ? query.terms : [query];
  return terms.flatMap((term) => candidatesOfTerm(term, values, scope) ?? []);
}

function candidatesOfTerm(term: RunQuery, values: SqlValues, scope: QueryScope): Candidates | null {
  if (term.kind !== "compare" && !(term.kind === "in" && !term.isNegated)) return null;
  if (term.kind === "compare" && ["!=", "!~"].includes(term.operator)) return null;
  const compared = term.kind === "in" ? term.values : [term.value];
  if (compared.some(({ kind }) => kind === "null" || kind === "flag")) return null;
  const { operand } = term;
  const distKey = values.add(scope.distKey, "bigint");
  if (operand.kind === "metric") {
    if (operand.summary !== "best") return null;
    const series = `metric_series s WHERE s.dist_key = ${distKey} AND s.key = ${values.add(operand.key, "text")}`;
    return {
      from: `${series} AND ${numbers("s.best", term, compared, values)}`,
      id: "s.run_id",
      isExact: true,
      isCovered: true,
      term,
    };
  }
  if (operand.kind === "config") {
    if ((term.kind === "compare" && term.operator === "~") || !isIndexedPath(operand.path)) return null;
    if (new Set(compared.map(({ kind }) => kind)).size > 1) return null;
    const isNumber = compared[0]!.kind === "number";
    const condition = isNumber ? numbers("p.number", term, compared, values) : texts(compared, values);
    const params = `run_param p WHERE p.dist_key = ${distKey} AND p.path = ${values.add(printRunOperand(operand), "text")}`;
    return { from: `${params} AND ${condition}`, id: "p.run_id", isExact: isNumber, isCovered: true, term };
  }
  if (!listed.has(operand.name)) return null;
  // Shorter parts have no trigram.
  if (term.kind === "compare" && term.operator === "~" && (operand.name !== "name" || textOf(term.value).length < 3))
    return null;
  const condition = conditionSql(term, values, scope);
  return {
    from: `run WHERE run.dist_key = ${distKey} AND run.trashed_at IS NULL AND ${condition}`,
    id: "run.id",
    isExact: true,
    isCovered: !["tag", "name"].includes(operand.name),
    term,
  };
}

function numbers(column: string, term: RunQuery, compared: readonly RunValue[], values: SqlValues): string {
  const list = compared.map((value) => (value as RunValue & { kind: "number" }).number);
  if (term.kind === "in") return `${column} = ANY(${values.add(list, "float8[]")})`;
  return `${column} ${(term as RunComparison).operator} ${values.add(list[0], "float8")}`;
}

/** Texts of the index are cut: the condition itself then decides. */
function texts(compared: readonly RunValue[], values: SqlValues): string {
  const cut = compared.map((value) => cutText(textOf(value)));
  if (cut.length === 1) return `p.text = ${values.add(cut[0], "text")}`;
  return `p.text = ANY(${values.add(cut, "text[]")})`;
}

function textOf(value: RunValue): string {
  return value.kind === "text" ? value.text : "";
}
