import type { Evaluation } from "../generalization-gap/evaluation.js";

/** Metrics of an evaluation by which the best epoch can be chosen. */
export const selectionMetrics = ["val/accuracy", "val/loss", "train/accuracy", "train/loss"] as const;

export type SelectionMetric = (typeof selectionMetrics)[number];

export function isSelectionMetric(key: string): key is SelectionMetric {
  return (selectionMetrics as readonly string[]).includes(key);
}

/** How good an evaluation is by a metric: higher is better, for losses too (negated). NaN where it was not measured. */
export function selectionScore(evaluation: Evaluation, metric: SelectionMetric): number {
  const { correct, examples, meanLoss } = metric.startsWith("val/") ? evaluation.val : evaluation.train;
  return metric.endsWith("/accuracy") ? correct / examples : -meanLoss;
}

/** The evaluation that is best by a metric, of equals the earliest; null where none has a finite value. */
export function bestEvaluation<Item extends Evaluation>(
  evaluations: readonly Item[],
  metric: SelectionMetric,
): Item | null {
  let best: Item | null = null;
  for (const evaluation of inOrder(evaluations)) {
    const score = selectionScore(evaluation, metric);
    if (Number.isFinite(score) && (best === null || score > selectionScore(best, metric))) best = evaluation;
  }
  return best;
}

/** By epoch, then by step. */
export function inOrder<Item extends Evaluation>(evaluations: readonly Item[]): Item[] {
  return [...evaluations].sort((a, b) => a.epoch - b.epoch || a.step - b.step);
}
