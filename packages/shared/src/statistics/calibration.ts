/** The examples whose confidence is in a range, beside how often they are right. */
export interface CalibrationBin {
  /** Above this (the first bin: from it on) … */
  readonly low: number;
  /** … up to this. */
  readonly high: number;
  readonly examples: number;
  /** Null in an empty bin, as is the accuracy. */
  readonly meanConfidence: number | null;
  readonly accuracy: number | null;
}

/** The reliability diagram: examples in equal-width bins of confidence, as those of `expectedCalibrationError`. */
export function calibrationBins(
  confidence: ArrayLike<number>,
  correct: ArrayLike<number>,
  bins = 15,
): CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ examples: 0, confidence: 0, correct: 0 }));
  for (let i = 0; i < confidence.length; i++) {
    const sum = sums[binOf(confidence[i]!, bins)]!;
    sum.examples++;
    sum.confidence += confidence[i]!;
    sum.correct += correct[i]!;
  }
  return sums.map(({ examples, confidence, correct }, i) => ({
    low: i / bins,
    high: (i + 1) / bins,
    examples,
    meanConfidence: examples > 0 ? confidence / examples : null,
    accuracy: examples > 0 ? correct / examples : null,
  }));
}

/** A value such as 0.2 = 3/15 lies on an edge and belongs below it, whatever its binary rounding says. */
function binOf(confidence: number, bins: number): number {
  return Math.max(0, Math.ceil(confidence * bins - 1e-9) - 1);
}

/**
 * Expected calibration error: how far confidence is from accuracy, averaged over equal-width bins of confidence (a bin takes its upper edge,
 * the first also 0). `correct[i]` is 1 where the class of highest probability `confidence[i]` is right. Null without examples.
 */
export function expectedCalibrationError(
  confidence: readonly number[],
  correct: readonly number[],
  bins = 15,
): number | null {
  if (confidence.length === 0) return null;
  const surplus = Array.from({ length: bins }, () => 0);
  confidence.forEach((value, i) => {
    surplus[binOf(value, bins)]! += value - correct[i]!;
  });
  return surplus.reduce((sum, value) => sum + Math.abs(value), 0) / confidence.length;
}
