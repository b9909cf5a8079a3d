import type { Dataset } from "../dataset/dataset.entity.js";

/**
 * Class index of each val image. The split's order is by class (packages/model, imagesOfSplit), so that the counts give the labels; null where
 * they do not add up to `examples`: then the run was scored on other images than the dataset has now.
 */
export function valLabels(dataset: Pick<Dataset, "classes">, examples: number): Uint16Array | null {
  const total = dataset.classes.reduce((sum, { val }) => sum + val, 0);
  if (total !== examples) return null;
  const labels = new Uint16Array(total);
  let start = 0;
  for (const [index, { val }] of dataset.classes.entries()) {
    labels.fill(index, start, start + val);
    start += val;
  }
  return labels;
}
