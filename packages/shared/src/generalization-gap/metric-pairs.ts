/** The keys under which a script logs one metric on both splits. */
export type MetricPair = { train: string; val: string };

/** Which series tell of the gap; null where the run has none. `accuracy` may be an error rate or another score from 0 to 1 (measureOf). */
export type GapPairs = { accuracy: MetricPair | null; loss: MetricPair | null };

/** What a pair's values are: shares of images that are right, of those that are wrong, or another score (F1, AUROC) that counts no images. */
export type PairMeasure = "ACCURACY" | "ERROR" | "SCORE";

/** How trainers name one metric on two splits: Residual and Lightning with slashes, Keras, the Trainer of Hugging Face, fastai, plain loops. */
const layouts: readonly ((name: string) => MetricPair)[] = [
  (name) => ({ train: `train/${name}`, val: `val/${name}` }),
  (name) => ({ train: `train/${name}`, val: `valid/${name}` }),
  (name) => ({ train: `train/${name}`, val: `validation/${name}` }),
  (name) => ({ train: `train/${name}`, val: `eval/${name}` }),
  (name) => ({ train: name, val: `val_${name}` }),
  (name) => ({ train: `train_${name}`, val: `val_${name}` }),
  (name) => ({ train: `train_${name}`, val: `valid_${name}` }),
  (name) => ({ train: `train_${name}`, val: `eval_${name}` }),
  (name) => ({ train: name, val: `eval_${name}` }),
];

const names = {
  accuracy: ["accuracy", "acc", "top1", "top1_accuracy", "sparse_categorical_accuracy", "categorical_accuracy"],
  error: ["error", "err", "error_rate", "top1_error", "err1", "classification_error"],
  score: ["f1", "f1_score", "macro_f1", "f1_macro", "balanced_accuracy", "auroc", "auc", "roc_auc"],
  loss: ["loss", "cross_entropy", "ce", "nll"],
} as const;

const pairsOf = (list: readonly string[]) => list.flatMap((name) => layouts.map((layout) => layout(name)));
const known = {
  accuracy: pairsOf(names.accuracy),
  error: pairsOf(names.error),
  score: pairsOf(names.score),
  loss: pairsOf(names.loss),
};

/** Every key that may be half of a pair. */
export const pairedKeys: readonly string[] = [
  ...new Set(
    Object.values(known)
      .flat()
      .flatMap(({ train, val }) => [train, val]),
  ),
];

/** The pairs that a run's keys make; of several the first known, an error rate or another score only without an accuracy. A key never stands for both halves. */
export function findGapPairs(keys: ReadonlySet<string>): GapPairs {
  const find = (pairs: readonly MetricPair[]) =>
    pairs.find(({ train, val }) => keys.has(train) && keys.has(val)) ?? null;
  return { accuracy: find(known.accuracy) ?? find(known.error) ?? find(known.score), loss: find(known.loss) };
}

const errorWord = /(?:^|[^a-z])err(?:or|or_?rate|1|5)?(?![a-z])/i;
const scoreWord = /f1|auc|auroc|balanced|precision|recall|kappa|mcc/i;

/** What the values of a pair are, by the name of its val half: of one that a person chose, too. */
export function measureOf({ val }: MetricPair): PairMeasure {
  if (errorWord.test(val)) return "ERROR";
  return scoreWord.test(val) ? "SCORE" : "ACCURACY";
}

/** The series of one quantity on each split; null where a run has none. */
export type SplitKeys = { train: string | null; val: string | null };

/** What a run's accuracy and loss are called, so that runs of different trainers can share a chart. */
export type CurveKeys = { accuracy: SplitKeys; loss: SplitKeys };

/**
 * The series that show a run's accuracy and loss: its pairs, and where it has none, a half of one. What is called by its name alone
 * (`accuracy`) is of train: who logs val beside it says so.
 */
export function findCurveKeys(keys: ReadonlySet<string>, pairs: GapPairs): CurveKeys {
  const halves = (list: readonly MetricPair[]): SplitKeys => ({
    train: list.find(({ train }) => keys.has(train))?.train ?? null,
    val: list.find(({ val }) => keys.has(val))?.val ?? null,
  });
  const isAccuracy = pairs.accuracy !== null && measureOf(pairs.accuracy) === "ACCURACY";
  return { accuracy: isAccuracy ? pairs.accuracy! : halves(known.accuracy), loss: pairs.loss ?? halves(known.loss) };
}

/** Whether accuracies, of which the largest is `largest`, are percent: a share is at most 1. */
export function areInPercent(largest: number): boolean {
  return largest > 1 + 1e-6 && largest <= 100 + 1e-6;
}
