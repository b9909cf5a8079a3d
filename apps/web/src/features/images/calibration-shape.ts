import { wilsonInterval } from "@residual/shared";

export interface CalibrationBin {
  readonly low: number;
  readonly high: number;
  readonly examples: number;
  readonly meanConfidence: number | null;
  readonly accuracy: number | null;
}

/** A bin that has images: how sure the network was on average, and how often it was right, with its 95 % interval. */
export interface CalibrationPoint {
  readonly examples: number;
  readonly confidence: number;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
}

export function calibrationPoints(bins: readonly CalibrationBin[]): CalibrationPoint[] {
  return bins.flatMap(({ examples, meanConfidence, accuracy }) => {
    if (meanConfidence === null || accuracy === null) return [];
    const interval = wilsonInterval(Math.round(accuracy * examples), examples);
    return interval ? [{ examples, confidence: meanConfidence, accuracy, low: interval.low, high: interval.high }] : [];
  });
}

/** Mean confidence less accuracy over all images: above 0 the network is surer than it is right. Null without images. */
export function overconfidence(bins: readonly CalibrationBin[]): number | null {
  const images = bins.reduce((sum, { examples }) => sum + examples, 0);
  if (images === 0) return null;
  return (
    bins.reduce((sum, { examples, meanConfidence, accuracy }) => {
      return sum + examples * ((meanConfidence ?? 0) - (accuracy ?? 0));
    }, 0) / images
  );
}
