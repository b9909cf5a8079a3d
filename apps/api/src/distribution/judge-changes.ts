import { distributedScans, names, type PlanNode, type Scan, walk } from "./plan-node.js";
import { tableKinds } from "./table-kinds.js";

/** What each node would answer in its own way. */
const ownOfEachNode =
  /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|gen_random_uuid|nextval)\(|\bcurrent_(timestamp|date|time)\b|\blocaltime/i;

/**
 * Why a sharded Postgres would refuse what a plan changes. In tables of every kind, those of the coordinator too, it wants time and chance outside
 * CASE and COALESCE. A reference table is changed by nothing that reads a distributed one.
 */
export function judgeChanges(plan: PlanNode): string[] {
  const faults: string[] = [];
  for (const node of walk(plan)) {
    const table = node["Relation Name"];
    if (node["Node Type"] !== "ModifyTable" || table === undefined || !(table in tableKinds)) continue;
    if (node.Operation !== "Insert" && expressionsOf(node).some(hasOwnInCase))
      faults.push(
        `changes ${table} with the time or chance inside CASE or COALESCE: ask for it first (transactionTime)`,
      );
    const read = distributedScans(plan);
    if (tableKinds[table] === "reference" && read.length > 0)
      faults.push(
        `changes ${table}, of which each node has a copy, by what it reads of ${names(read)}: read that first`,
      );
  }
  return faults;
}

/** Why it would refuse a statement's DO UPDATE SET, of which a plan says nothing. */
export function judgeUpsert(sql: string): string[] {
  const [, set] = /\bDO\s+UPDATE\s+SET\b([\s\S]*?)(?:\bWHERE\b|\bRETURNING\b|$)/i.exec(sql) ?? [];
  return set !== undefined && ownOfEachNode.test(set)
    ? ["has the time or chance in DO UPDATE SET: take it from excluded"]
    : [];
}

function expressionsOf(change: PlanNode): string[] {
  return [...walk(change)].flatMap((node) =>
    Object.entries(node).flatMap(([property, value]) =>
      property === "Output" || (/Cond|Filter/.test(property) && typeof value === "string") ? (value as string[]) : [],
    ),
  );
}

function hasOwnInCase(expression: string): boolean {
  for (const { index } of expression.matchAll(/\bCOALESCE\(|\bCASE\b/g))
    if (
      ownOfEachNode.test(expression.startsWith("CASE", index) ? caseAt(expression, index) : callAt(expression, index))
    )
      return true;
  return false;
}

function caseAt(expression: string, from: number): string {
  let depth = 0;
  for (const { 0: word, index } of expression.slice(from).matchAll(/\b(CASE|END)\b/g)) {
    depth += word === "CASE" ? 1 : -1;
    if (depth === 0) return expression.slice(from, from + index);
  }
  return expression.slice(from);
}

function callAt(expression: string, from: number): string {
  let depth = 0;
  for (let i = from; i < expression.length; i++) {
    if (expression[i] === "(") depth++;
    if (expression[i] === ")" && --depth === 0) return expression.slice(from, i);
  }
  return expression.slice(from);
}

/** Why it would refuse how the nodes of one part of a plan change a distributed table. free: scans that no constant dist_key fixes. */
export function judgeChange(node: PlanNode, free: readonly Scan[]): string[] {
  const table = node["Relation Name"] ?? "";
  if (node["Node Type"] !== "ModifyTable" || tableKinds[table] !== "distributed") return [];
  const source = node.Plans?.[0];
  if (node.Operation !== "Insert") {
    const reads = [...walk(source!)].filter((child) => child !== source && child["Node Type"].endsWith("Scan"));
    const others = reads.filter((child) => child.Alias !== undefined && child.Alias !== node.Alias);
    return free.some(({ alias }) => alias === node.Alias) && others.length > 0
      ? [`changes ${table} by a join without one constant dist_key`]
      : [];
  }
  const faults: string[] = [];
  const key = source?.Output?.[0] ?? "";
  if (!/^\(?(\$\d+|'\d+'|\d+|"\*VALUES\*"\.column1|\w+\.dist_key)/.test(key))
    faults.push(`inserts into ${table} with a computed dist_key (${key})`);
  const isFromFunction = [...walk(node)].some(
    (child) => child["Node Type"] === "Function Scan" || child["Node Type"] === "ProjectSet",
  );
  if (isFromFunction && node["Conflict Resolution"] !== undefined)
    faults.push(`inserts into ${table} by INSERT … SELECT … ON CONFLICT from a function: write one VALUES row a row`);
  return faults;
}
