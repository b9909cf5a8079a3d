import { median } from "../statistics/theil-sen.js";
import type { Evaluation } from "./evaluation.js";

/** Index of the first evaluation at which training has diverged, and how that shows. */
export type Divergence = { index: number; kind: "notFinite" | "rising" };

/** A loss that is not finite; or a train loss above 1.5 times its first value from some evaluation to the end, at least two of them. */
export function findDivergence(evaluations: readonly Evaluation[]): Divergence | null {
  const notFinite = evaluations.findIndex(
    ({ train, val }) => !Number.isFinite(train.meanLoss) || !Number.isFinite(val.meanLoss),
  );
  if (notFinite >= 0) return { index: notFinite, kind: "notFinite" };
  const limit = 1.5 * (evaluations[0]?.train.meanLoss ?? 0);
  const lastBelow = evaluations.findLastIndex(({ train }) => train.meanLoss <= limit);
  const above = evaluations.length - 1 - lastBelow;
  return above >= 2 ? { index: lastBelow + 1, kind: "rising" } : null;
}

/** best: index of the smallest (smoothed) val loss. rise: percent of the last one above it. turned: val loss rose for good after best. */
export type ValLossTurn = { best: number; rise: number; turned: boolean };

const smallValSplit = 500;
const risePercent = 5;

/**
 * Where val loss was smallest, and whether it has turned since: GL (Prechelt 1998, against the overall minimum) above 5 % at two or more
 * evaluations after it, the last one included. A val split below 500 images is smoothed first, so that one spike decides nothing.
 */
export function findValLossTurn(
  evaluations: readonly Evaluation[],
  valExamples = evaluations.at(-1)!.val.examples,
): ValLossTurn {
  const raw = evaluations.map(({ val }) => val.meanLoss);
  const losses = valExamples < smallValSplit ? medianOfThree(raw) : raw;
  const smallest = Math.min(...losses);
  const best = losses.indexOf(smallest);
  const rises = losses.slice(best + 1).map((loss) => (loss === smallest ? 0 : 100 * (loss / smallest - 1)));
  const rise = rises.at(-1) ?? 0;
  const turned = rise > risePercent && rises.filter((value) => value > risePercent).length >= 2;
  return { best, rise, turned };
}

/** Centred median of three; of two at the ends. */
function medianOfThree(values: readonly number[]): number[] {
  return values.map((_, i) => median(values.slice(Math.max(0, i - 1), i + 2))!);
}
