import DataLoader from "dataloader";
import { In, IsNull } from "typeorm";
import { checkAccess } from "../../access.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import { shareGrant } from "../../viewer.js";
import { Run } from "./run.entity.js";

export function runById({ db }: Context): DataLoader<string, Run | null> {
  return new DataLoader(async (ids) => {
    const runs = await db.getRepository(Run).findBy({ id: In([...ids]) });
    const byId = new Map(runs.map((run) => [run.id, run]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** Runs that were started from a run and are not in the trash, the oldest first. */
export function childrenOfRun({ db }: Context): DataLoader<Run, Run[], string> {
  return new DataLoader(
    async (parents) => {
      const distKey = In([...new Set(parents.map((run) => run.distKey))]);
      const parentId = In(parents.map((run) => run.id));
      const found = await db
        .getRepository(Run)
        .find({ where: { distKey, parentId, trashedAt: IsNull() }, order: { createdAt: "ASC", id: "ASC" } });
      return parents.map((run) => found.filter((child) => child.parentId === run.id));
    },
    { cacheKeyFn: (run) => run.id },
  );
}

/**
 * The one way to a run by its id: NOT_FOUND where there is none in the viewer's projects, or the viewer's share link does not cover it. Runs in
 * the trash are found by members, who may want them back, and by frozen links, which show what was.
 */
export async function loadRun(context: Context, id: string): Promise<Run> {
  const run = await context.load(runById).load(id);
  const grant = shareGrant(context.viewer);
  if (!run || (grant && ((run.trashedAt && !grant.frozenRunIds) || !grant.coversRun(run))))
    throw notFound("run", id, "run");
  checkAccess(context, run.projectId, "run", id, "run");
  return grant ? grant.present(run) : run;
}

/** Several runs, in the order of the ids. */
export async function loadRuns(context: Context, ids: readonly string[]): Promise<Run[]> {
  return Promise.all(ids.map((id) => loadRun(context, id)));
}
