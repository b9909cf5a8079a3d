import { bestEvaluation, isSelectionMetric } from "@residual/shared";
import type { Context } from "../../context.js";
import { experimentById } from "../experiment/experiment.loader.js";
import type { Run } from "../run/run.entity.js";
import { evaluationsOfRun } from "./evaluation.loader.js";
import type { StoredEvaluation } from "./read-evaluations.js";

/** The evaluation of a run that is best by its experiment's selection metric; null where it has none. */
export async function findBestEvaluation(context: Context, run: Run): Promise<StoredEvaluation | null> {
  const [evaluations, experiment] = await Promise.all([
    context.load(evaluationsOfRun).load(run),
    context.load(experimentById).load(run.experimentId),
  ]);
  const metric = experiment?.selectionMetric ?? "";
  return bestEvaluation(evaluations, isSelectionMetric(metric) ? metric : "val/accuracy");
}
