import { areInPercent } from "@residual/shared";
import DataLoader from "dataloader";
import type { Context } from "../../context.js";
import { summaryOfKey } from "../metric/metric.loader.js";
import type { Run } from "../run/run.entity.js";
import type { RunCurves } from "./curves.type.js";
import { seriesNamesOfRun } from "./evaluation.loader.js";
import type { SeriesNames } from "./series-names.js";

/** What runs call their accuracy and loss. */
export function curvesOfRun(context: Context): DataLoader<Run, RunCurves, string> {
  return new DataLoader(
    (runs) =>
      Promise.all(
        runs.map(async (run): Promise<RunCurves> => {
          const names = await context.load(seriesNamesOfRun).load(run);
          return { ...names.curves, ...(await unitAndBest(context, run, names)) };
        }),
      ),
    { cacheKeyFn: (run) => run.id },
  );
}

type UnitAndBest = Pick<RunCurves, "accuracyInPercent" | "bestValAccuracy">;

/** Runs that are trained here log shares, and have evaluations. */
async function unitAndBest(context: Context, run: Run, { curves, largest }: SeriesNames): Promise<UnitAndBest> {
  if (run.origin !== "LOGGED") return { accuracyInPercent: false, bestValAccuracy: null };
  const largestOf = async (key: string | null) => {
    if (key === null) return null;
    const known = run.asOf ? undefined : largest.get(key);
    return known === undefined ? ((await context.load(summaryOfKey).load({ run, key }))?.max ?? null) : known;
  };
  const [ofTrain, ofVal] = await Promise.all([largestOf(curves.accuracy.train), largestOf(curves.accuracy.val)]);
  const accuracyInPercent = areInPercent(Math.max(ofTrain ?? 0, ofVal ?? 0));
  const best = ofVal !== null && accuracyInPercent ? ofVal / 100 : ofVal;
  return { accuracyInPercent, bestValAccuracy: best !== null && best >= 0 && best <= 1 ? best : null };
}
