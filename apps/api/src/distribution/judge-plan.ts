import { judgeChange, judgeChanges } from "./judge-changes.js";
import { judgeSubqueries, judgeSwitchedJoins } from "./judge-subqueries.js";
import { distributedScans, names, type PlanNode, type Scan, walk } from "./plan-node.js";
import { tableKinds } from "./table-kinds.js";

/**
 * Why a sharded Postgres would refuse a statement, or send it round by the coordinator; empty where it takes it as it is. Judged by the
 * statement's plan: Postgres has parsed it, resolved every name, and carried equalities from table to table. The rules are those of
 * Citus 13: a join of distributed tables needs equal dist_keys; row locks, recursion, grouping sets and samples need one dist_key; an outer
 * join needs its distributed side outside; INSERT … SELECT … ON CONFLICT must not begin at a function.
 */
export function judgePlan(plan: PlanNode): string[] {
  const parts = independentParts(plan);
  const faults = [...parts.flatMap(judgePart), ...judgeChanges(plan)];
  const changes = parts.filter((part) => [...walk(part)].some((node) => node["Node Type"] === "ModifyTable"));
  const touched = parts.flatMap((part) => [...distributedScans(part), ...changedTables(part)]);
  if (changes.some((part) => part["Subplan Name"] !== undefined) && touched.length > 0)
    faults.push(
      `changes rows inside WITH of a statement about ${names(touched)}: send two statements in one transaction`,
    );
  return [...new Set(faults)];
}

function judgePart(plan: PlanNode): string[] {
  const nodes = [...walk(plan)];
  const scans = distributedScans(plan);
  const groups = shardGroups(nodes, scans);
  const isFixed = (scan: Scan) => groups.constants.has(groups.of(scan.alias));
  const free = scans.filter((scan) => !isFixed(scan));
  const faults: string[] = [];
  const roots = new Set(scans.map((scan) => groups.of(scan.alias)));
  if (roots.size > 1)
    faults.push(
      `joins ${names(scans)} without equal dist_keys: say a.dist_key = b.dist_key, or the same constant for each`,
    );
  for (const node of nodes) {
    const inside = distributedScans(node).filter((scan) => !isFixed(scan));
    if (inside.length === 0) continue;
    const needsOne = needsOneShard(node);
    if (needsOne) faults.push(`${needsOne} of ${names(inside)} without one constant dist_key`);
    if (isOuterJoinFromOutside(node))
      faults.push(
        `joins ${names(inside)} as the optional side to rows that are on no shard, without one constant dist_key`,
      );
  }
  for (const node of nodes) faults.push(...judgeChange(node, free));
  return [...faults, ...judgeSubqueries(plan), ...judgeSwitchedJoins(plan)];
}

/**
 * The statement without its WITH queries and the subqueries that look at nothing outside, and these: the coordinator runs each by itself and
 * sends its rows to the shards. What remains inside a part is run where the shards are.
 */
function independentParts(plan: PlanNode): PlanNode[] {
  const parts: PlanNode[] = [];
  const cut = (node: PlanNode, outside: ReadonlySet<string>): PlanNode => {
    const kept: PlanNode[] = [];
    for (const child of node.Plans ?? []) {
      const isQuery = child["Subplan Name"] !== undefined;
      const own = new Set([...walk(child)].map((inner) => inner.Alias));
      const others = new Set([...outside].filter((alias) => !own.has(alias)));
      if (isQuery && !mentions(child, others)) parts.push(cut(child, own as Set<string>));
      else kept.push(cut(child, outside));
    }
    return { ...node, Plans: kept };
  };
  const all = new Set([...walk(plan)].flatMap((node) => node.Alias ?? []));
  return [cut(plan, all), ...parts];
}

function mentions(plan: PlanNode, aliases: ReadonlySet<string>): boolean {
  for (const node of walk(plan))
    for (const [property, value] of Object.entries(node)) {
      if (property === "Plans") continue;
      const text = Array.isArray(value) ? value.join(" ") : String(value);
      for (const [, alias] of text.matchAll(/\b(\w+)\./g)) if (aliases.has(alias!)) return true;
    }
  return false;
}

function changedTables(part: PlanNode): Scan[] {
  return [...walk(part)].flatMap(({ "Node Type": type, "Relation Name": table }) =>
    type === "ModifyTable" && table !== undefined && tableKinds[table] === "distributed"
      ? [{ table, alias: table }]
      : [],
  );
}

const equality = /\b(\w+)\.dist_key = (?:(\w+)\.dist_key|(\$\d+|'\d+'::bigint|'\d+'|\d+))/g;
const reversed = /(\$\d+|'\d+'::bigint) = (\w+)\.dist_key/g;

/** Which scans are on the same shard, by the conditions of the plan; `constants` are the groups that one value of dist_key fixes. */
function shardGroups(nodes: readonly PlanNode[], scans: readonly Scan[]) {
  const parent = new Map<string, string>(scans.map(({ alias }) => [alias, alias]));
  const of = (name: string): string => {
    const up = parent.get(name) ?? name;
    return up === name ? name : of(up);
  };
  const join = (a: string, b: string) => void parent.set(of(a), of(b));
  // A subquery in FROM shows its rows under its own name.
  for (const node of nodes)
    if (node["Node Type"] === "Subquery Scan" && node.Alias !== undefined)
      for (const column of node.Plans?.[0]?.Output ?? []) {
        const [, inner] = /^(\w+)\.dist_key$/.exec(column) ?? [];
        if (inner !== undefined) join(node.Alias, inner);
      }
  const values = new Set<string>();
  for (const node of nodes)
    for (const [property, text] of Object.entries(node)) {
      if (typeof text !== "string" || !/Cond|Filter/.test(property)) continue;
      for (const [, alias, other, value] of text.matchAll(equality)) {
        if (value) values.add(value);
        join(alias!, other ?? value!);
      }
      for (const [, value, alias] of text.matchAll(reversed)) {
        values.add(value!);
        join(alias!, value!);
      }
    }
  return { of, constants: new Set([...values].map(of)) };
}

function needsOneShard(node: PlanNode): string | null {
  const type = node["Node Type"];
  if (type === "LockRows") return "locks rows (FOR UPDATE)";
  if (type === "Recursive Union") return "is a recursive query";
  if (type === "Sample Scan") return "takes a sample";
  return node["Grouping Sets"] === undefined ? null : "groups by grouping sets";
}

/** The preserved side has no shard of its own: the first child of a left join, the second of a right one. */
function isOuterJoinFromOutside(node: PlanNode): boolean {
  const [first, second] = node.Plans ?? [];
  if (!first || !second) return false;
  const isOutside = (side: PlanNode) => distributedScans(side).length === 0;
  if (node["Join Type"] === "Left") return isOutside(first) && !isOutside(second);
  if (node["Join Type"] === "Right") return isOutside(second) && !isOutside(first);
  return node["Join Type"] === "Full" && (isOutside(first) || isOutside(second));
}
