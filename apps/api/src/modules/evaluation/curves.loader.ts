import { areInPercent } from "@residual/shared";
import DataLoader from "dataloader";
import type { Context } from "../../context.js";
import { summaryOfKey } from "../metric/metric.loader.js";
import type { Run } from "../run/run.entity.js";
import type { RunCurves } from "./curves.type.js";
import { findSeriesNames } from "./series-names.js";

/** What runs call their accuracy and loss. */
export function curvesOfRun(context: Context): DataLoader<Run, RunCurves, string> {
  return new DataLoader(
    async (runs) => {
      const names = await findSeriesNames(context.pool, runs);
      return Promise.all(
        runs.map(async (run): Promise<RunCurves> => {
          const { curves } = names.get(run.id)!;
          return { ...curves, ...(await unitAndBest(context, run, curves.accuracy)) };
        }),
      );
    },
    { cacheKeyFn: (run) => run.id },
  );
}

type UnitAndBest = Pick<RunCurves, "accuracyInPercent" | "bestValAccuracy">;

/** Runs that are trained here log shares, and have evaluations. */
async function unitAndBest(context: Context, run: Run, { train, val }: RunCurves["accuracy"]): Promise<UnitAndBest> {
  if (run.origin !== "LOGGED") return { accuracyInPercent: false, bestValAccuracy: null };
  const largest = async (key: string | null) =>
    key === null ? null : ((await context.load(summaryOfKey).load({ run, key }))?.max ?? null);
  const [ofTrain, ofVal] = await Promise.all([largest(train), largest(val)]);
  const accuracyInPercent = areInPercent(Math.max(ofTrain ?? 0, ofVal ?? 0));
  const best = ofVal !== null && accuracyInPercent ? ofVal / 100 : ofVal;
  return { accuracyInPercent, bestValAccuracy: best !== null && best >= 0 && best <= 1 ? best : null };
}
