import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { AppError } from "../../errors.js";
import { shareGrant } from "../../viewer.js";
import { loadDataset } from "../dataset/dataset.loader.js";
import { loadExperiment } from "../experiment/experiment.loader.js";
import { stopRun } from "../job/stop-run.js";
import { Run } from "../run/run.entity.js";
import { loadRun, loadRuns, runById } from "../run/run.loader.js";
import { loadSweep, sweepOfRun } from "./load-sweep.js";
import { startSweep } from "./start-sweep.js";
import { stopSweep } from "./stop-sweep.js";
import { StartSweepInput } from "./sweep.input.js";
import { Sweep } from "./sweep.type.js";

@Resolver()
export class SweepResolver {
  @Allow("MANAGE")
  @Mutation(() => [Run])
  async startSweep(
    @Arg("input", () => StartSweepInput) input: StartSweepInput,
    @Ctx() context: Context,
  ): Promise<Run[]> {
    const experiment = await loadExperiment(context, input.experiment);
    const dataset = await loadDataset(context, input.dataset);
    const runs = await loadRuns(context, (await startSweep(context.pool, experiment, dataset, input)).runs);
    for (const run of runs) context.events.runChanged(run, "CREATED");
    return runs;
  }

  @Allow("MANAGE")
  @Mutation(() => Sweep, {
    description: "Stops every run of the sweep; what is there is kept, and no further rung begins.",
  })
  async stopSweep(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Sweep> {
    for (const runId of await stopSweep(context.pool, await loadSweep(context, id))) {
      await stopRun(context.pool, await loadRun(context, runId)).catch(ended);
      context.load(runById).clear(runId);
      context.events.runChanged(await loadRun(context, runId), "STATUS");
    }
    return loadSweep(context, id);
  }
}

/** A run that ended in the meantime is stopped, too. */
function ended(error: unknown): void {
  if (!(error instanceof AppError && error.extensions.code === "CONFLICT")) throw error;
}

@Resolver(() => Run)
export class RunSweepResolver {
  @FieldResolver(() => Sweep, { nullable: true })
  async sweep(@Root() run: Run, @Ctx() context: Context): Promise<Sweep | null> {
    return shareGrant(context.viewer) ? null : sweepOfRun(context, run);
  }
}
