import type { Evaluation } from "../generalization-gap/evaluation.js";
import { bestEvaluation, inOrder, type SelectionMetric } from "./best-evaluation.js";

/** Which evaluation stands for a run: that of its best epoch, its last, or its last within a budget that all have spent. */
export const selections = ["BEST", "LAST", "BUDGET"] as const;
export type Selection = (typeof selections)[number];

/** What a training spends: optimizer steps, train images over all epochs, seconds since the start, multiply-adds. */
export const budgetUnits = ["STEPS", "IMAGES", "SECONDS", "MACS"] as const;
export type BudgetUnit = (typeof budgetUnits)[number];

/** spent: what the run had spent by then; null where it is not known. */
export type SpentEvaluation = Evaluation & { spent?: Readonly<Record<BudgetUnit, number | null>> };

/** amount null: the largest that every evaluated run has spent. */
export type Budget = { unit: BudgetUnit; amount: number | null };

export type Alignment = { selection: Selection; metric: SelectionMetric; budget?: Budget };

/** Rounding of seconds and of images of a last batch must not cost a run its last evaluation. */
const tolerance = 1.005;

/** Puts runs on a common axis: for each the evaluation that stands for it; null where it has none (within the budget). */
export function alignRuns<Run, Item extends SpentEvaluation>(
  runs: readonly { run: Run; evaluations: readonly Item[] }[],
  { selection, metric, budget = { unit: "IMAGES", amount: null } }: Alignment,
): { run: Run; evaluation: Item | null }[] {
  const amount = budget.amount ?? commonBudget(runs, budget.unit);
  const standing: Record<Selection, (evaluations: readonly Item[]) => Item | null> = {
    // Of a run that logged losses and no accuracy, the best is that of its losses.
    BEST: (evaluations) => bestEvaluation(evaluations, metric) ?? bestEvaluation(evaluations, lossOf(metric)),
    LAST: (evaluations) => inOrder(evaluations).at(-1) ?? null,
    BUDGET: (evaluations) => inOrder(evaluations).findLast((one) => isWithin(one, budget.unit, amount)) ?? null,
  };
  return runs.map(({ run, evaluations }) => ({ run, evaluation: standing[selection](evaluations) }));
}

function lossOf(metric: SelectionMetric): SelectionMetric {
  return metric.startsWith("train/") ? "train/loss" : "val/loss";
}

/** The largest amount that every run with evaluations has spent; null where one of them does not say. */
export function commonBudget(
  runs: readonly { evaluations: readonly SpentEvaluation[] }[],
  unit: BudgetUnit,
): number | null {
  const totals = runs.flatMap(({ evaluations }) => {
    const last = inOrder(evaluations).at(-1);
    return last === undefined ? [] : [last.spent?.[unit] ?? null];
  });
  const known = totals.filter((total) => total !== null);
  return known.length === 0 || known.length < totals.length ? null : Math.min(...known);
}

function isWithin({ spent }: SpentEvaluation, unit: BudgetUnit, amount: number | null): boolean {
  const total = spent?.[unit] ?? null;
  return total !== null && amount !== null && total <= amount * tolerance;
}
