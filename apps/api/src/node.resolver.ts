import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { Allow } from "./allow.js";
import type { Context } from "./context.js";
import { notFound } from "./errors.js";
import { type IdPrefix, idPrefix } from "./ids.js";
import { ApiKey } from "./modules/account/api-key.entity.js";
import { loadDataset } from "./modules/dataset/dataset.loader.js";
import { loadExperiment } from "./modules/experiment/experiment.loader.js";
import { loadJob } from "./modules/job/job.loader.js";
import { loadProject } from "./modules/project/project.loader.js";
import { loadRun } from "./modules/run/run.loader.js";
import { ShareLink } from "./modules/share-link/share-link.entity.js";
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

async function loadApiKey(context: Context, id: string): Promise<ApiKey> {
  const mayManage = context.viewer?.scopes.includes("MANAGE");
  const apiKey = mayManage ? await context.db.getRepository(ApiKey).findOneBy({ id }) : null;
  if (!apiKey) throw notFound("API key", id);
  return apiKey;
}

async function loadShareLink(context: Context, id: string): Promise<ShareLink> {
  const mayManage = context.viewer?.scopes.includes("MANAGE");
  const link = mayManage ? await context.db.getRepository(ShareLink).findOneBy({ id }) : null;
  if (!link) throw notFound("share link", id);
  return link;
}
