import { architectureName } from "../training-config/architecture-id.js";
import type { ComparedRun, StandingRun } from "./compared-run.js";
import { groupInOrder } from "./group-in-order.js";

export type GroupBy = "RUN" | "SEED" | "ARCHITECTURE";

/** Runs that are one row of a comparison. key: the run's id where it stands alone. */
export type RunGroup = { key: string; name: string; members: StandingRun[] };

/** Rows of a comparison, in the order in which their first runs come. */
export function groupRuns(runs: readonly StandingRun[], groupBy: GroupBy): RunGroup[] {
  const members = groupInOrder(runs, ({ run }) => groupKey(run, groupBy));
  const groups = [...members].map(([key, list]) => ({
    key,
    name: groupName(list[0]!.run, list.length, groupBy),
    members: list,
  }));
  // Two settings of one architecture: its name alone would not tell them apart.
  const names = groupInOrder(groups, ({ name }) => name);
  return groups.map((group) =>
    names.get(group.name)!.length > 1 ? { ...group, name: group.members[0]!.run.name } : group,
  );
}

function groupKey(run: ComparedRun, groupBy: GroupBy): string {
  if (groupBy === "ARCHITECTURE" && run.architecture !== null) return run.architecture;
  if (groupBy === "SEED" && run.group !== null) return run.group;
  return run.id;
}

function groupName(first: ComparedRun, size: number, groupBy: GroupBy): string {
  if (first.architecture === null) return first.name;
  return groupBy === "ARCHITECTURE" || size > 1 ? architectureName(first.architecture) : first.name;
}
