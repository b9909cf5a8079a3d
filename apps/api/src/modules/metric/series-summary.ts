import { metricDirection } from "./metric-direction.js";

/** What is known about a series without reading its points. min, max and best look at finite values only; null where there is none. */
export type SeriesSummary = {
  key: string;
  points: number;
  firstStep: number;
  /** The point at the highest step; where a step was logged again, the later value. */
  lastStep: number;
  last: number;
  min: number | null;
  max: number | null;
  best: number | null;
  bestStep: number | null;
  /** False where a step came that is not above all before it: then counts may be too high until the summary is made anew. */
  ascending: boolean;
};

export function emptySummary(key: string): SeriesSummary {
  return {
    key,
    points: 0,
    firstStep: Number.MAX_SAFE_INTEGER,
    lastStep: -1,
    last: Number.NaN,
    min: null,
    max: null,
    best: null,
    bestStep: null,
    ascending: true,
  };
}

/** Adds points in order of arrival. `rows` selects the step of each value (null: value i belongs to step i). */
export function addPoints(
  summary: SeriesSummary,
  steps: Float64Array,
  values: Float64Array,
  rows: Uint32Array | null,
): void {
  const direction = metricDirection(summary.key);
  for (let i = 0; i < values.length; i++) {
    const step = steps[rows ? rows[i]! : i]!;
    const value = values[i]!;
    summary.points++;
    if (step <= summary.lastStep) summary.ascending = false;
    if (step < summary.firstStep) summary.firstStep = step;
    if (step >= summary.lastStep) {
      summary.lastStep = step;
      summary.last = value;
    }
    if (!Number.isFinite(value)) continue;
    if (summary.min === null || value < summary.min) summary.min = value;
    if (summary.max === null || value > summary.max) summary.max = value;
    // The first step that reached the best value stands for it: later ones only cost time.
    const better = summary.best === null || (value - summary.best) * direction > 0;
    if (direction !== 0 && (better || (value === summary.best && step < summary.bestStep!))) {
      summary.best = value;
      summary.bestStep = step;
    }
  }
}
