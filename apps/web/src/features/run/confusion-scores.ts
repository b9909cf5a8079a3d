import { type Interval, wilsonInterval } from "@residual/shared";

export interface ClassRecall {
  name: string;
  images: number;
  correct: number;
  recall: Interval;
}

/** How many images of each class were recognised, with 95 % intervals, the weakest class first. confusion[true][predicted] counts images. */
export function classRecalls(confusion: number[][], classes: string[]): ClassRecall[] {
  const rows = confusion.flatMap((row, index) => {
    const images = row.reduce((sum, count) => sum + count, 0);
    const correct = row[index] ?? 0;
    const recall = wilsonInterval(correct, images);
    return recall ? [{ name: classes[index] ?? String(index), images, correct, recall }] : [];
  });
  return rows.sort(weakestFirst);
}

/**
 * How many images of each class were recognised, from recalls and the classes' numbers of images; the weakest class first. Classes without
 * an image are left out; nothing where the images are not those that were scored.
 */
export function recallRows(
  recalls: readonly (number | null)[],
  classes: readonly { name: string; images: number }[],
  scored: number,
): ClassRecall[] {
  const images = classes.reduce((sum, one) => sum + one.images, 0);
  if (images !== scored || recalls.length !== classes.length) return [];
  const rows = classes.flatMap(({ name, images }, index) => {
    const share = recalls[index] ?? null;
    const correct = Math.round((share ?? 0) * images);
    const recall = share === null ? null : wilsonInterval(correct, images);
    return recall ? [{ name, images, correct, recall }] : [];
  });
  return rows.sort(weakestFirst);
}

function weakestFirst(a: ClassRecall, b: ClassRecall): number {
  return a.recall.estimate - b.recall.estimate || (a.name < b.name ? -1 : 1);
}

export interface Mistake {
  truth: string;
  taken: string;
  images: number;
}

/** The most frequent confusions, at most `most`. */
export function topMistakes(confusion: number[][], classes: string[], most: number): Mistake[] {
  const name = (index: number) => classes[index] ?? String(index);
  return confusion
    .flatMap((row, truth) => row.map((images, taken) => ({ truth, taken, images })))
    .filter(({ truth, taken, images }) => truth !== taken && images > 0)
    .sort((a, b) => b.images - a.images)
    .slice(0, most)
    .map(({ truth, taken, images }) => ({ truth: name(truth), taken: name(taken), images }));
}
