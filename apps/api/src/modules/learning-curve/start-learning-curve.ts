import type { Context } from "../../context.js";
import { AppError, badInput } from "../../errors.js";
import { transaction } from "../../transaction.js";
import { trainedConfig } from "../advisor/gather-evidence.js";
import { datasetById } from "../dataset/dataset.loader.js";
import { insertRun } from "../job/start-run.js";
import type { Run } from "../run/run.entity.js";
import { curveRuns } from "./curve-runs.js";
import { planLearningCurve } from "./plan-learning-curve.js";

/**
 * Starts this run again on 10, 25, 50 and 100 % of the train images, those that are missing, all or none; nothing else differs. The subsets are
 * stratified and contain each other. Returns the runs' ids. Throws BAD_INPUT for a run of another script, CONFLICT where none is missing.
 */
export async function startLearningCurve(context: Context, run: Run): Promise<string[]> {
  const config = trainedConfig(run);
  if (config === null || run.datasetId === null)
    throw badInput("run", "This run was trained by another script; only runs of a worker can be started again.");
  const dataset = await context.load(datasetById).load(run.datasetId);
  const plan = planLearningCurve(run, dataset, await curveRuns(context, run));
  if (!plan)
    throw new AppError("CONFLICT", "Every size of the learning curve has a run, or the dataset is not scanned.", {
      field: "run",
    });
  const experiment = { id: run.experimentId, distKey: run.distKey, projectId: run.projectId };
  return transaction(context.pool, async (client) => {
    const ids: string[] = [];
    for (const trainImages of plan.sizes) {
      const planned = {
        config: { ...config, trainImages },
        name: `${run.name} · ${trainImages}`,
        tags: run.tags,
        priority: 0,
        parentId: run.id,
      };
      ids.push(await insertRun(client, experiment, { id: run.datasetId! }, planned));
    }
    return ids;
  });
}
