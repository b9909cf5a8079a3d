import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { Allow } from "./allow.js";
import type { Context } from "./context.js";
import { notFound } from "./errors.js";
import { type IdPrefix, idPrefix } from "./ids.js";
import { loadApiKey } from "./modules/account/api-key.js";
import { loadArtifact } from "./modules/artifact/load-artifact.js";
import { loadDataset } from "./modules/dataset/dataset.loader.js";
import { loadExperiment } from "./modules/experiment/experiment.loader.js";
import { loadJob } from "./modules/job/job.loader.js";
import { loadProject } from "./modules/project/project.loader.js";
import { loadRun } from "./modules/run/run.loader.js";
import { loadShareLink } from "./modules/share-link/load-share-link.js";
import { loadSweep } from "./modules/sweep/load-sweep.js";
import { loadWorker } from "./modules/worker/worker.loader.js";
import { Node } from "./node.js";

const loadByPrefix: Record<IdPrefix, (context: Context, id: string) => Promise<Node>> = {
  prj: loadProject,
  exp: loadExperiment,
  run: loadRun,
  dst: loadDataset,
  wrk: loadWorker,
  job: loadJob,
  key: loadApiKey,
  lnk: loadShareLink,
  swp: loadSweep,
  art: loadArtifact,
};

@Resolver()
export class NodeResolver {
  @Allow("READ", "SHARED")
  @Query(() => Node, { nullable: true })
  async node(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Node> {
    const prefix = idPrefix(id);
    if (!prefix) throw notFound("object", id);
    return loadByPrefix[prefix](context, id);
  }
}
