import type { Dataset } from "../dataset/dataset.entity.js";

/**
 * Class index of each image of a split. Its order is by class (packages/model, imagesOfSplit), so that the counts give the labels; null where
 * they do not add up to `examples`: then the run was scored on other images than the dataset has now.
 */
export function splitLabels(
  dataset: Pick<Dataset, "classes">,
  split: "train" | "val" | "test",
  examples: number,
): Uint16Array | null {
  const total = dataset.classes.reduce((sum, counts) => sum + counts[split], 0);
  if (total !== examples) return null;
  const labels = new Uint16Array(total);
  let start = 0;
  for (const [index, counts] of dataset.classes.entries()) {
    labels.fill(index, start, start + counts[split]);
    start += counts[split];
  }
  return labels;
}
