import DataLoader from "dataloader";
import { In } from "typeorm";
import { checkAccess } from "../../access.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import { shareGrant } from "../../viewer.js";
import { Dataset } from "./dataset.entity.js";

/** As the viewer's share link shows them, where there is one. */
export function datasetById(context: Context): DataLoader<string, Dataset | null> {
  return new DataLoader(async (ids) => {
    const datasets = await context.db.getRepository(Dataset).findBy({ id: In([...ids]) });
    const grant = shareGrant(context.viewer);
    const shown = grant ? datasets.map((dataset) => grant.presentDataset(dataset)) : datasets;
    const byId = new Map(shown.map((dataset) => [dataset.id, dataset]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** The dataset with this id; NOT_FOUND where there is none that the viewer may see, and for share links, which reach a dataset through its run only. */
export async function loadDataset(context: Context, id: string): Promise<Dataset> {
  const dataset = context.viewer?.kind === "SHARE_LINK" ? null : await context.load(datasetById).load(id);
  if (!dataset) throw notFound("dataset", id);
  checkAccess(context, dataset.projectId, "dataset", id);
  return dataset;
}
