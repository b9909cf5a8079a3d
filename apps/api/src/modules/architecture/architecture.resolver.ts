import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { loadDataset } from "../dataset/dataset.loader.js";
import { listArchitectures } from "./architecture.service.js";
import { Architecture } from "./architecture.type.js";
import { ArchitectureId } from "./architecture-id.js";
import { trainingGuide } from "./training-guide.js";
import { TrainingGuide } from "./training-guide.type.js";

@Resolver(() => Architecture)
export class ArchitectureResolver {
  @Allow("READ", "SHARED")
  @Query(() => [Architecture])
  architectures(): Architecture[] {
    return listArchitectures();
  }

  @Allow("READ")
  @Query(() => TrainingGuide)
  async trainingGuide(
    @Arg("architecture", () => ArchitectureId) architecture: ArchitectureId,
    @Arg("dataset", () => ID, { nullable: true }) datasetId: string | null,
    @Ctx() context: Context,
  ): Promise<TrainingGuide> {
    return trainingGuide(architecture, datasetId ? await loadDataset(context, datasetId) : null);
  }
}
