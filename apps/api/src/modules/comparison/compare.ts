import {
  type Budget,
  type ComparisonOptions,
  type ComparisonResult,
  compareRuns,
  isSelectionMetric,
  type SelectionMetric,
} from "@residual/shared";
import type { Context } from "../../context.js";
import { badInput } from "../../errors.js";
import { architectureOrNull } from "../architecture/architecture.service.js";
import { experimentById } from "../experiment/experiment.loader.js";
import { priceOfRun, type RunPrice } from "../job/run-price.js";
import type { Run } from "../run/run.entity.js";
import type { Comparison, ComparisonRow } from "./comparison.type.js";
import { meanPrice } from "./mean-price.js";
import { type Stand, standRuns } from "./stand-runs.js";

const noPrice: RunPrice = { price: null, unpricedWorkers: [] };

export type CompareOptions = Omit<ComparisonOptions, "metric" | "gaps"> & { budget?: Budget };

/** Runs side by side. Throws BAD_INPUT for a baseline that is none of them. */
export async function compare(context: Context, runs: Run[], options: CompareOptions): Promise<Comparison> {
  const { baseline, selection, budget } = options;
  if (baseline !== null && !runs.some(({ id }) => id === baseline))
    throw badInput("baseline", "baseline is none of the runs. Name it in runs, too.");
  const metric = await commonMetric(context, runs);
  const stands = await standRuns(context, runs, { selection, metric, budget });
  const gaps = new Map(stands.flatMap(({ run, gap }) => (gap ? [[run.id, gap]] : [])));
  const result = compareRuns(stands, { ...options, metric, gaps });
  const byId = new Map(runs.map((run) => [run.id, run]));
  const standOf = new Map(stands.map((stand) => [stand.run.id, stand]));
  const prices = new Map(
    await Promise.all(runs.map(async ({ id }) => [id, await context.load(priceOfRun).load(id)] as const)),
  );
  return {
    ...result,
    rows: result.rows.map((row) => ({
      ...toRow(row, byId, standOf),
      // What a run that still trains will have cost nobody knows.
      ...(row.trainSeconds === null ? noPrice : meanPrice(row.runs.map((id) => prices.get(id)!))),
    })),
    selectionMetric: metric,
  };
}

/** The selection metric of the runs' experiments where they agree, and where evaluations have it; else val accuracy. */
async function commonMetric(context: Context, runs: Run[]): Promise<SelectionMetric> {
  const experiments = await context.load(experimentById).loadMany([...new Set(runs.map((run) => run.experimentId))]);
  const metrics = experiments.map((found) => (found && !(found instanceof Error) ? found.selectionMetric : ""));
  const [first = ""] = metrics;
  return metrics.every((metric) => metric === first) && isSelectionMetric(first) ? first : "val/accuracy";
}

function toRow(
  row: ComparisonResult["rows"][number],
  byId: Map<string, Run>,
  standOf: Map<string, Stand>,
): Omit<ComparisonRow, keyof RunPrice> {
  const { parameters, macs, memoryBytes } = row;
  const only = row.runs.length === 1 ? standOf.get(row.runs[0]!)! : null;
  const uncounted = only?.uncounted ?? null;
  return {
    ...row,
    ...(uncounted && estimatesOf(uncounted)),
    ...(only?.hasLoss === false && { valLoss: null, lossGap: null }),
    runs: row.runs.map((id) => byId.get(id)!),
    architecture: architectureOrNull(row.architecture),
    parameters: parameters === null ? null : Math.round(parameters),
    macs: macs === null ? null : Math.round(macs),
    memoryBytes: memoryBytes === null ? null : Math.round(memoryBytes),
  };
}

/** Shown without an interval and left out of the tests: nobody knows how many images are behind it. Another score than accuracy is not shown as one. */
function estimatesOf({ epoch, step, train, val, measure }: NonNullable<Stand["uncounted"]>): Partial<ComparisonRow> {
  const bare = (estimate: number) => ({ estimate, low: null, high: null });
  const [ofTrain, ofVal] = [train.correct / train.examples, val.correct / val.examples];
  return {
    epoch,
    step,
    valAccuracy: measure === "ACCURACY" ? bare(ofVal) : null,
    valLoss: val.meanLoss,
    accuracyGap: measure === "ACCURACY" ? bare(ofTrain - ofVal) : null,
    lossGap: bare(val.meanLoss - train.meanLoss),
  };
}
