import { tableKinds } from "./table-kinds.js";

/** A node of EXPLAIN (VERBOSE, FORMAT JSON). */
export type PlanNode = {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly Alias?: string;
  readonly Operation?: string;
  readonly "Join Type"?: string;
  readonly "Conflict Resolution"?: string;
  readonly "Subplan Name"?: string;
  readonly Output?: readonly string[];
  readonly Plans?: readonly PlanNode[];
  readonly [property: string]: unknown;
};

export type Scan = { readonly table: string; readonly alias: string };

/** A node and all below it. */
export function* walk(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.Plans ?? []) yield* walk(child);
}

/** What a node and those below it read of distributed tables. */
export function distributedScans(node: PlanNode): Scan[] {
  const scans: Scan[] = [];
  for (const { "Node Type": type, "Relation Name": table, Alias: alias } of walk(node))
    if (type !== "ModifyTable" && table !== undefined && tableKinds[table] === "distributed")
      scans.push({ table, alias: alias ?? table });
  return scans;
}

export const names = (scans: readonly Scan[]): string => [...new Set(scans.map(({ table }) => table))].join(" and ");
