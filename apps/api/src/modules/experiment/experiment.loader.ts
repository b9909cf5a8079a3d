import DataLoader from "dataloader";
import { In } from "typeorm";
import { checkAccess } from "../../access.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import { shareGrant } from "../../viewer.js";
import { Experiment } from "./experiment.entity.js";

/** As the viewer's share link shows them, where there is one. */
export function experimentById(context: Context): DataLoader<string, Experiment | null> {
  return new DataLoader(async (ids) => {
    const experiments = await context.db.getRepository(Experiment).findBy({ id: In([...ids]) });
    const grant = shareGrant(context.viewer);
    const shown = grant ? experiments.map((experiment) => grant.presentExperiment(experiment)) : experiments;
    const byId = new Map(shown.map((experiment) => [experiment.id, experiment]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/**
 * The one way to an experiment by its id: NOT_FOUND where there is none in the viewer's projects, or the viewer's share link does not cover it. One
 * in the trash is found by members, who may want it back, and by frozen links, which show what was.
 */
export async function loadExperiment(context: Context, id: string): Promise<Experiment> {
  const experiment = await context.load(experimentById).load(id);
  const grant = shareGrant(context.viewer);
  if (!experiment || (grant && ((experiment.trashedAt && !grant.frozenRunIds) || !grant.coversExperiment(experiment))))
    throw notFound("experiment", id);
  checkAccess(context, experiment.projectId, "experiment", id);
  return experiment;
}
