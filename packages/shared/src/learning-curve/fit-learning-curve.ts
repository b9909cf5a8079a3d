import { studentTwoSidedQuantile } from "../statistics/student-t.js";

/** A run trained on part of the train images: how many, and how it did on val. */
export type LearningCurvePoint = { images: number; correct: number; examples: number };

/**
 * error(n) = scale · n^(−exponent). `predict` gives the val accuracy for n train images with a 95 % interval of the curve's mean.
 */
export type LearningCurveFit = {
  scale: number;
  exponent: number;
  exponentInterval: { low: number; high: number };
  predict(images: number): { estimate: number; low: number; high: number };
};

/** Fewer sizes always lie on a curve of two parameters, or nearly: that would look like knowledge. */
export const fewestSizes = 3;

/**
 * Least squares of ln error on ln images, each point weighted by what its val images tell of it (delta method: the variance of ln e is
 * (1 − e) / (e · examples)). That errors fall as a power of the data, and how far such a fit may be trusted: Hestness et al. 2017, "Deep
 * learning scaling is predictable, empirically"; Mahmood et al. 2022, "How much more data do I need?". The scatter is estimated from the
 * residuals and never below what the val images alone would give. Runs without an error count half a one (Agresti). Null for fewer than
 * three sizes, and where all errors are the same size's.
 */
export function fitLearningCurve(points: readonly LearningCurvePoint[]): LearningCurveFit | null {
  const usable = points.filter(({ images, examples }) => images > 0 && examples > 0);
  if (new Set(usable.map(({ images }) => images)).size < fewestSizes) return null;
  const rows = usable.map(({ images, correct, examples }) => {
    const error = Math.max(examples - correct, 0.5) / examples;
    const variance = Math.max(1 - error, 0.5 / examples) / (error * examples);
    return { x: Math.log(images), y: Math.log(error), weight: 1 / variance };
  });
  const total = sum(rows.map(({ weight }) => weight));
  const meanX = sum(rows.map(({ x, weight }) => x * weight)) / total;
  const meanY = sum(rows.map(({ y, weight }) => y * weight)) / total;
  const spread = sum(rows.map(({ x, weight }) => weight * (x - meanX) ** 2));
  const slope = sum(rows.map(({ x, y, weight }) => weight * (x - meanX) * (y - meanY))) / spread;
  const freedom = rows.length - 2;
  const misfit = sum(rows.map(({ x, y, weight }) => weight * (y - meanY - slope * (x - meanX)) ** 2)) / freedom;
  // 1: the scatter that the weights expect of val images alone.
  const scatter = Math.max(1, misfit);
  const t = studentTwoSidedQuantile(0.95, freedom);
  const half = t * Math.sqrt(scatter / spread);
  return {
    scale: Math.exp(meanY - slope * meanX),
    exponent: -slope,
    exponentInterval: { low: -slope - half, high: -slope + half },
    predict: (images) => {
      const x = Math.log(images) - meanX;
      const margin = t * Math.sqrt(scatter * (1 / total + x ** 2 / spread));
      const accuracyAt = (y: number) => 1 - Math.min(1, Math.exp(y));
      const y = meanY + slope * x;
      return { estimate: accuracyAt(y), low: accuracyAt(y + margin), high: accuracyAt(y - margin) };
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
