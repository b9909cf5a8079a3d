import { Arg, Ctx, ID, Mutation, Resolver } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { Dataset } from "../dataset/dataset.entity.js";
import { datasetById, loadDataset } from "../dataset/dataset.loader.js";
import { loadExperiment } from "../experiment/experiment.loader.js";
import { loadProject } from "../project/project.loader.js";
import { Run } from "../run/run.entity.js";
import { loadRun, loadRuns, runById } from "../run/run.loader.js";
import { resumeRun } from "./resume-run.js";
import { registerDataset, rescanDataset } from "./scan-dataset.js";
import { RegisterDatasetInput, StartRunInput } from "./start-run.input.js";
import { startRun } from "./start-run.js";
import { cancelRun, stopRun } from "./stop-run.js";
import { checkRunCount, restoreRuns, trashRuns } from "./trash-runs.js";

/** What people do with runs that our workers train, and with the datasets they need. */
@Resolver()
export class LaunchResolver {
  @Allow("MANAGE")
  @Mutation(() => Dataset)
  async registerDataset(
    @Arg("input", () => RegisterDatasetInput) input: RegisterDatasetInput,
    @Ctx() context: Context,
  ): Promise<Dataset> {
    const id = await registerDataset(context.pool, await loadProject(context, input.project), input);
    return loadDataset(context, id);
  }

  @Allow("MANAGE")
  @Mutation(() => Dataset)
  async rescanDataset(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Dataset> {
    await rescanDataset(context.pool, await loadDataset(context, id));
    context.load(datasetById).clear(id);
    return loadDataset(context, id);
  }

  @Allow("MANAGE")
  @Mutation(() => Run)
  async startRun(@Arg("input", () => StartRunInput) input: StartRunInput, @Ctx() context: Context): Promise<Run> {
    const experiment = await loadExperiment(context, input.experiment);
    const id = await startRun(context.pool, experiment, await loadDataset(context, input.dataset), input);
    context.events.runChanged({ ...experiment, id, experimentId: experiment.id }, "CREATED");
    return loadRun(context, id);
  }

  @Allow("MANAGE")
  @Mutation(() => Run)
  async stopRun(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Run> {
    await stopRun(context.pool, await loadRun(context, id));
    return changed(context, id);
  }

  @Allow("MANAGE")
  @Mutation(() => Run)
  async cancelRun(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Run> {
    await cancelRun(context.pool, await loadRun(context, id));
    return changed(context, id);
  }

  @Allow("MANAGE")
  @Mutation(() => Run)
  async resumeRun(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Run> {
    await resumeRun(context.pool, await loadRun(context, id));
    return changed(context, id);
  }

  @Allow("MANAGE")
  @Mutation(() => [Run])
  async deleteRuns(@Arg("ids", () => [ID]) ids: string[], @Ctx() context: Context): Promise<Run[]> {
    checkRunCount(ids);
    await trashRuns(context.pool, await loadRuns(context, ids));
    return Promise.all(ids.map((id) => changed(context, id, "TRASHED")));
  }

  @Allow("MANAGE")
  @Mutation(() => [Run])
  async restoreRuns(@Arg("ids", () => [ID]) ids: string[], @Ctx() context: Context): Promise<Run[]> {
    checkRunCount(ids);
    await restoreRuns(context.pool, await loadRuns(context, ids));
    return Promise.all(ids.map((id) => changed(context, id, "TRASHED")));
  }
}

/** The run as it is after the change, which its followers are told of. */
async function changed(context: Context, id: string, change: "STATUS" | "TRASHED" = "STATUS"): Promise<Run> {
  context.load(runById).clear(id);
  const run = await loadRun(context, id);
  context.events.runChanged(run, change);
  return run;
}
