import type { Dataset } from "../dataset/dataset.entity.js";
import type { Run } from "../run/run.entity.js";
import { trainImagesOf } from "./curve-runs.js";
import type { LearningCurvePlan } from "./learning-curve.type.js";

/** Parts of the train images that make a curve with the whole. */
const shares = [0.1, 0.25, 0.5, 1] as const;

/** Below so many images a class, a subset is chance. */
const fewestPerClass = 2;

/** The sizes that a curve still lacks, and what their runs cost beside this one; null where none is missing. */
export function planLearningCurve(run: Run, dataset: Dataset | null, runs: readonly Run[]): LearningCurvePlan | null {
  if (dataset?.status !== "READY") return null;
  const available = dataset.classes.reduce((sum, { train }) => sum + train, 0);
  const present = new Set(runs.map((one) => trainImagesOf(one) ?? available));
  const sizes = shares
    .map((share) => Math.round(share * available))
    .filter((size) => size >= fewestPerClass * dataset.classes.length && !present.has(size));
  if (sizes.length === 0) return null;
  const own = trainImagesOf(run) ?? available;
  const costFactor = sizes.reduce((sum, size) => sum + size, 0) / own;
  const seconds = run.startedAt && run.finishedAt ? (run.finishedAt.getTime() - run.startedAt.getTime()) / 1_000 : null;
  return { sizes, costFactor, costSeconds: seconds === null ? null : seconds * costFactor };
}
