import { type Interval, scoreClassification, wilsonInterval } from "@residual/shared";

export interface ClassRecall {
  name: string;
  images: number;
  correct: number;
  recall: Interval;
  precision: number | null;
}

/** How many images of each class were recognised, with 95 % intervals, the weakest class first. confusion[true][predicted] counts images. */
export function classRecalls(confusion: number[][], classes: string[]): ClassRecall[] {
  const { perClass } = scoreClassification(confusion);
  const rows: ClassRecall[] = [];
  confusion.forEach((row, index) => {
    const images = row.reduce((sum, count) => sum + count, 0);
    if (images === 0) return;
    const correct = row[index] ?? 0;
    const recall = wilsonInterval(correct, images);
    if (!recall) return;
    rows.push({
      name: classes[index] ?? String(index),
      images,
      correct,
      recall,
      precision: perClass[index]?.precision ?? null,
    });
  });
  return rows.sort((a, b) => a.recall.estimate - b.recall.estimate || (a.name < b.name ? -1 : 1));
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
