import { type AdviceAction, advise, advisorVersion } from "@residual/shared";
import type { Context } from "../../context.js";
import { AppError, badInput } from "../../errors.js";
import { transaction } from "../../transaction.js";
import { insertRun } from "../job/start-run.js";
import type { Run } from "../run/run.entity.js";
import { startedByAdvice } from "./applied-advice.js";
import { gatherEvidence, trainedConfig } from "./gather-evidence.js";

/**
 * Starts the run that an advice proposes: this run's config with the action's settings, the same dataset, split and seed. Returns the new
 * run's id. Throws BAD_INPUT for a run that another script trained, CONFLICT for an advice that the run's record does not give
 * (any more) or that has been applied.
 */
export async function applyAdvice(context: Context, run: Run, advice: string): Promise<string> {
  const config = trainedConfig(run);
  if (config === null || run.datasetId === null)
    throw badInput("run", "This run was trained by another script; change its settings there.");
  const found = advise(await gatherEvidence(context, run))
    .flatMap(({ rule, actions }) => actions.map((action) => ({ rule, action })))
    .find(({ rule, action }) => `${rule}.${action.id}` === advice);
  if (!found?.action.patch)
    throw new AppError(
      "CONFLICT",
      "The run's record does not give this advice now, or it is nothing that a setting does. Read the run's advice again.",
      { field: "advice" },
    );
  const { rule, action } = found;
  const earlier = (await startedByAdvice(context, run)).get(advice);
  if (earlier) throw new AppError("CONFLICT", "This advice was applied already.", { field: "advice", run: earlier });
  const dataset = { id: run.datasetId };
  const experiment = { id: run.experimentId, distKey: run.distKey, projectId: run.projectId };
  return transaction(context.pool, async (client) => {
    const planned = {
      config: { ...config, ...action.patch },
      name: nameOf(run, action),
      tags: run.tags,
      priority: 0,
      parentId: run.id,
    };
    const id = await insertRun(client, experiment, dataset, planned);
    await client.query(
      `INSERT INTO applied_advice (dist_key, run_id, parent_id, project_id, rule, action, advisor_version)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [run.distKey, id, run.id, run.projectId, rule, action.id, advisorVersion],
    );
    return id;
  });
}

const longestName = 200;

/** The parent's name and what changes: "ResNet-18 · 64 px · seed 1 · epochs 3". */
function nameOf(run: Run, { patch }: AdviceAction): string {
  const changes = Object.entries(patch ?? {}).map(([field, value]) => `${field} ${value}`);
  return [run.name, ...changes].join(" · ").slice(0, longestName);
}
