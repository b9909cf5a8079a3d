import { median, type RunEvidence } from "@residual/shared";
import type { Context } from "../../context.js";
import { seriesOfRun } from "../metric/metric.loader.js";
import type { Run } from "../run/run.entity.js";

const keys = [
  "train/running_accuracy",
  "train/gradient_norm",
  "system/loader_wait_seconds",
  "system/images_per_second",
] as const;

/** Medians and extremes of a whole run do not need more; each series costs the same, however long it is. */
const MAX_POINTS = 1_000;

export type TrainingSignals = Pick<RunEvidence, "loaderWaitShare" | "gradientNorm"> & {
  /** Median running accuracy of the steps after `from`, up to and with `to`; null where none was logged. */
  runningAccuracy(from: number, to: number): number | null;
};

/** What the series of single steps tell of a training. `batchSize`: images of a step. */
export async function trainingSignals(context: Context, run: Run, batchSize: number): Promise<TrainingSignals> {
  const series = await context.load(seriesOfRun).load({ run, keys: [...keys], maxPoints: MAX_POINTS });
  const of = (key: (typeof keys)[number]) => series.find((one) => one.key === key);
  const wait = medianOf(of("system/loader_wait_seconds")?.values);
  const speed = medianOf(of("system/images_per_second")?.values);
  const norms = of("train/gradient_norm");
  const usual = medianOf(norms?.values);
  const largest = (norms?.max ?? norms?.values)?.reduce((most, one) => (one > most ? one : most), 0) ?? null;
  const accuracy = of("train/running_accuracy");
  return {
    loaderWaitShare: wait === null || !speed ? null : Math.min(1, (wait * speed) / batchSize),
    gradientNorm: usual === null || largest === null ? null : { median: usual, largest },
    runningAccuracy: (from, to) =>
      medianOf(accuracy?.values.filter((_, i) => accuracy.steps[i]! > from && accuracy.steps[i]! <= to)),
  };
}

function medianOf(values: Float64Array | undefined): number | null {
  return values ? median(Array.from(values).filter(Number.isFinite)) : null;
}
