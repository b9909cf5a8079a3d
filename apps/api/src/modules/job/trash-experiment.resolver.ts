import { Arg, Ctx, ID, Mutation, Resolver } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { Experiment } from "../experiment/experiment.entity.js";
import { experimentById, loadExperiment } from "../experiment/experiment.loader.js";
import { restoreExperiment, trashExperiment } from "./trash-experiment.js";

@Resolver()
export class TrashExperimentResolver {
  @Allow("MANAGE")
  @Mutation(() => Experiment, {
    description:
      "Moves an experiment to the trash with its runs; those that wait or run are cancelled. `restoreExperiment` brings it back.",
  })
  async deleteExperiment(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Experiment> {
    return changed(context, id, await trashExperiment(context.pool, await loadExperiment(context, id)));
  }

  @Allow("MANAGE")
  @Mutation(() => Experiment, {
    description:
      "Brings an experiment back with the runs that went with it. Those that were deleted before stay deleted.",
  })
  async restoreExperiment(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Experiment> {
    return changed(context, id, await restoreExperiment(context.pool, await loadExperiment(context, id)));
  }
}

/** The experiment as it is after the change; those who follow its runs are told. */
async function changed(context: Context, id: string, runIds: readonly string[]): Promise<Experiment> {
  context.load(experimentById).clear(id);
  const experiment = await loadExperiment(context, id);
  for (const runId of runIds) context.events.runChanged({ ...experiment, id: runId, experimentId: id }, "TRASHED");
  return experiment;
}
