"use client";
import { budgetUnits, defaultMargin, fairnessKinds, selections } from "@residual/shared";
import { useMemo } from "react";
import type { BudgetUnit, FairnessKind, GroupBy, Selection } from "@/gql/graphql";
import { useUrlList, useUrlState } from "@/lib/use-url-state";

export const groupings = ["RUN", "SEED", "ARCHITECTURE"] as const satisfies GroupBy[];

/** Margins of practical equality to choose from, in percentage points. */
export const margins = [0.5, 1, 2, 3, 5] as const;

export interface ComparisonOptions {
  baseline: string;
  groupBy: GroupBy;
  selection: Selection;
  budgetUnit: BudgetUnit;
  /** In its unit; null: the largest that every run has spent. */
  budget: number | null;
  margin: number;
  acknowledged: FairnessKind[];
}

type Change = Partial<Record<"baseline" | "group" | "at" | "unit" | "budget" | "margin", string>>;

/** How runs are compared, as the address says it; what it leaves out is the API's default. */
export function useComparisonOptions(): {
  options: ComparisonOptions;
  set: (change: Change) => void;
  acknowledge: (kind: FairnessKind) => void;
} {
  const [baseline, setBaseline] = useUrlState("baseline", "");
  const [group, setGroup] = useUrlState("group", "run");
  const [at, setAt] = useUrlState("at", "best");
  const [unit, setUnit] = useUrlState("unit", "images");
  const [budget, setBudget] = useUrlState("budget", "");
  const [margin, setMargin] = useUrlState("margin", String(defaultMargin * 100));
  const [accepted, setAccepted] = useUrlList("accepted");
  const acceptedList = accepted.join(",");
  const options = useMemo(
    () => ({
      baseline,
      groupBy: known(groupings, group) ?? "RUN",
      selection: known(selections, at) ?? "BEST",
      budgetUnit: known(budgetUnits, unit) ?? "IMAGES",
      budget: Number(budget) > 0 ? Number(budget) : null,
      margin: (margins.find((one) => String(one) === margin) ?? defaultMargin * 100) / 100,
      acknowledged: fairnessKinds.filter((kind) => acceptedList.split(",").includes(kind.toLowerCase())),
    }),
    [baseline, group, at, unit, budget, margin, acceptedList],
  );
  const setters = {
    baseline: setBaseline,
    group: setGroup,
    at: setAt,
    unit: setUnit,
    budget: setBudget,
    margin: setMargin,
  };
  return {
    options,
    set: (change) => {
      for (const [name, value] of Object.entries(change)) setters[name as keyof Change](value, "push");
    },
    acknowledge: (kind) => setAccepted((current) => [...new Set([...current, kind.toLowerCase()])]),
  };
}

function known<Value extends string>(values: readonly Value[], text: string): Value | undefined {
  return values.find((value) => value === text.toUpperCase());
}
