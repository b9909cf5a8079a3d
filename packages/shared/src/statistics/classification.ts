/** Scores of one class; null where it is not defined (no example of the class, or never predicted). */
export type ClassScore = { recall: number | null; precision: number | null; f1: number | null };

export type ClassificationScore = {
  accuracy: number | null;
  macroF1: number | null;
  balancedAccuracy: number | null;
  kappa: number | null;
  perClass: ClassScore[];
};

/** confusion[true][predicted]: counts. Throws RangeError for a class outside 0 … classes − 1. */
export function confusionMatrix(truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): number[][] {
  const confusion = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (let i = 0; i < truth.length; i++) {
    const row = confusion[truth[i]!];
    if (row?.[predicted[i]!] === undefined)
      throw new RangeError(`Example ${i}: ${truth[i]} taken for ${predicted[i]}, with ${classes} classes.`);
    row[predicted[i]!]! += 1;
  }
  return confusion;
}

/**
 * Accuracy, macro-F1 (over the classes that occur as true or predicted), balanced accuracy (mean of the recalls that exist) and Cohen's
 * kappa (null when chance agreement is 1). All null without examples.
 */
export function scoreClassification(confusion: readonly (readonly number[])[]): ClassificationScore {
  const support = confusion.map((row) => sum(row));
  const predicted = confusion.map((_, column) => sum(confusion.map((row) => row[column]!)));
  const hits = confusion.map((row, i) => row[i]!);
  const total = sum(support);
  const perClass = hits.map((hit, i) => ({
    recall: ratio(hit, support[i]!),
    precision: ratio(hit, predicted[i]!),
    f1: ratio(2 * hit, support[i]! + predicted[i]!),
  }));
  const accuracy = ratio(sum(hits), total);
  const chance = total === 0 ? 1 : sum(support.map((count, i) => count * predicted[i]!)) / total ** 2;
  return {
    accuracy,
    macroF1: mean(perClass.map((score) => score.f1)),
    balancedAccuracy: mean(perClass.map((score) => score.recall)),
    kappa: accuracy === null || chance === 1 ? null : (accuracy - chance) / (1 - chance),
    perClass,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return ratio(sum(known), known.length);
}
