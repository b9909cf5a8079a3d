import { distributedScans, names, type PlanNode, walk } from "./plan-node.js";

const isQuery = ({ "Subplan Name": name }: PlanNode): boolean => name !== undefined;

/** Makes a subquery in FROM one of its own, which the coordinator runs first and whose rows it sends to the shards. */
const ownQuery = /^(Limit|Aggregate|Unique|WindowAgg|SetOp|Function Scan|CTE Scan|Subquery Scan)$/;

/**
 * Why a sharded Postgres would refuse the subqueries of a part of a plan. It passes a statement on as it is, and takes any subquery, where every
 * distributed table in it is compared with the same constant dist_key: by itself, as the equality with a table outside says nothing to it. What it
 * splits must not ask a shard about each row of a subquery in FROM, and needs a name for what a subquery in FROM yields.
 */
export function judgeSubqueries(part: PlanNode): string[] {
  const free = freeScans(part);
  if (free.length === 0) return [];
  const faults: string[] = [];
  const rows = rowsOfOwnQuery(part);
  for (const node of walk(part)) {
    const asked = distributedScans(node).filter((scan) => free.includes(scan.alias));
    if (asked.length === 0) continue;
    if (rows && isQuery(node) && node !== part)
      faults.push(
        `looks into ${names(asked)} for each row of a subquery in FROM: compare its dist_key with the constant that the others have`,
      );
    if (node["Node Type"] === "Limit" && !node.Output?.length)
      faults.push(`selects no column of ${names(asked)} in a subquery, without a constant dist_key: name one`);
  }
  return faults;
}

/** Aliases of distributed tables for which the plan itself has no comparison of dist_key with a constant. */
function freeScans(part: PlanNode): string[] {
  const texts = [...walk(part)]
    .flatMap((node) => Object.entries(node))
    .flatMap(([property, value]) => (/Cond|Filter/.test(property) && typeof value === "string" ? [value] : []));
  const conditions = texts.join(" ");
  return distributedScans(part)
    .map(({ alias }) => alias)
    .filter((alias) => !new RegExp(`\\b${alias}\\.dist_key = (\\$\\d|'?\\d)`).test(conditions));
}

/** Whether FROM of the outermost query has a subquery that stands for itself. */
function rowsOfOwnQuery(part: PlanNode): boolean {
  const outermost = (node: PlanNode): PlanNode[] => (node.Plans ?? []).filter((child) => !isQuery(child));
  let top = part;
  // The query's own sorting, grouping and cutting.
  while (outermost(top).length === 1 && !/ Scan$/.test(top["Node Type"])) top = outermost(top)[0]!;
  const below = (node: PlanNode): PlanNode[] => [node, ...outermost(node).flatMap(below)];
  return below(top).some((node) => ownQuery.test(node["Node Type"]));
}

/** Why it would refuse an outer join that a parameter may switch off: then nothing says any more that the dist_keys are equal. */
export function judgeSwitchedJoins(part: PlanNode): string[] {
  return [...walk(part)].flatMap((node) => {
    const condition = node["Join Filter"];
    const inner = distributedScans(node);
    if (inner.length < 2 || !/^(Left|Right|Full)$/.test(node["Join Type"] ?? "") || typeof condition !== "string")
      return [];
    const isSwitched = condition.split(" AND ").some((term) => /\$\d/.test(term) && !/\b[a-z_]\w*\.\w/i.test(term));
    return isSwitched
      ? [`joins ${names(inner)} only where a parameter says so: write a statement for either case`]
      : [];
  });
}
