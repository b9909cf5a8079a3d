import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { loadDataset } from "../dataset/dataset.loader.js";
import { checkConfig } from "../job/check-config.js";
import { TrainingConfigInput } from "../job/start-run.input.js";
import { measuredSpeedOf } from "../run/measured-speed.js";
import { isOnline, listWorkers, takesJobsOf } from "../worker/worker.service.js";
import { checkPreflight } from "./check-preflight.js";
import { Preflight } from "./preflight.type.js";

@Resolver()
export class PreflightResolver {
  @Allow("READ")
  @Query(() => Preflight)
  async preflight(
    @Arg("input", () => TrainingConfigInput) input: TrainingConfigInput,
    @Arg("dataset", () => ID) datasetId: string,
    @Ctx() context: Context,
  ): Promise<Preflight> {
    const config = checkConfig("input", input);
    const dataset = await loadDataset(context, datasetId);
    const online = (await listWorkers(context.db)).filter(
      (worker) => isOnline(worker) && takesJobsOf(worker, dataset.projectId),
    );
    const worker = online.sort((a, b) => b.memoryBytes - a.memoryBytes)[0] ?? null;
    return checkPreflight(config, dataset, worker, await context.load(measuredSpeedOf).load(config.architecture));
  }
}
