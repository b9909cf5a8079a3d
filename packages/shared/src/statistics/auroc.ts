import { ranks } from "./ranks.js";

/**
 * Area under the ROC curve of one class against the rest: the chance that an example of the class scores higher than one of another,
 * ties counting half (Mann & Whitney 1947, by average ranks). Null where either side is empty or a score is not a number.
 */
export function auroc(scores: ArrayLike<number>, isClass: ArrayLike<boolean>): number | null {
  const values = Array.from(scores);
  if (values.some(Number.isNaN)) return null;
  const positives = Array.from(isClass).filter(Boolean).length;
  const negatives = values.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const rankSum = ranks(values).reduce((sum, rank, i) => sum + (isClass[i] ? rank : 0), 0);
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * `probabilities[i][c]`: of class c for example i. Each class against the rest, and their mean over the classes that have a value
 * (Provost & Domingos 2000 without weights, as scikit-learn's `multi_class="ovr", average="macro"`).
 */
export function aurocOneVsRest(
  probabilities: readonly ArrayLike<number>[],
  truth: ArrayLike<number>,
  classes: number,
): { perClass: (number | null)[]; macro: number | null } {
  const perClass = Array.from({ length: classes }, (_, c) =>
    auroc(
      probabilities.map((row) => row[c]!),
      Array.from(truth, (label) => label === c),
    ),
  );
  const known = perClass.filter((value) => value !== null);
  return { perClass, macro: known.length === 0 ? null : known.reduce((sum, v) => sum + v, 0) / known.length };
}
