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
    // A value such as 0.2 = 3/15 lies on an edge and belongs below it, whatever its binary rounding says.
    const bin = Math.max(0, Math.ceil(value * bins - 1e-9) - 1);
    surplus[bin]! += value - correct[i]!;
  });
  return surplus.reduce((sum, value) => sum + Math.abs(value), 0) / confidence.length;
}
