import { defaultRunOrder } from "@residual/shared";
import { requireScope } from "../../allow.js";
import type { Context } from "../../context.js";
import { AppError } from "../../errors.js";
import { shareGrant } from "../../viewer.js";
import { loadExperiment } from "../experiment/experiment.loader.js";
import { loadProject } from "../project/project.loader.js";
import { listRuns } from "../run/list-runs.js";
import { newestRuns, type RunList, runListOf } from "../run/query/run-list.js";
import type { Run } from "../run/run.entity.js";
import { loadRuns } from "../run/run.loader.js";

/** Which runs an export is of: named ones, all of an experiment, or all of a project (by its slug). */
export type RunChoice =
  | { readonly by: "runs"; readonly ids: readonly string[] }
  | { readonly by: "experiment"; readonly id: string }
  | { readonly by: "project"; readonly slug: string; readonly filter: string; readonly orderBy: string | null };

/** Calls `visit` with the runs of the choice page by page: named ones in their order, else the newest first or as asked. Throws NOT_FOUND, BAD_INPUT for a filter that cannot be read, or TOO_LARGE above `limit`. */
export async function visitRuns(
  context: Context,
  choice: RunChoice,
  limit: number,
  visit: (runs: Run[]) => void,
): Promise<void> {
  if (choice.by === "runs") return visit(await loadRuns(context, choice.ids));
  const list = await listOf(context, choice);
  const grant = shareGrant(context.viewer);
  let count = 0;
  let after: string | null = null;
  do {
    const page = await listRuns(context, list, 1_000, after);
    count += page.nodes.length;
    if (count > limit) throw tooManyRuns(limit);
    visit(grant ? page.nodes.map((run) => grant.present(run)) : page.nodes);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
}

async function listOf(context: Context, choice: Exclude<RunChoice, { by: "runs" }>): Promise<RunList> {
  if (choice.by === "project") {
    // All runs of a project is more than a share link shows.
    requireScope(context.viewer, "READ", "The export of a project");
    const { distKey } = await loadProject(context, choice.slug);
    return runListOf(distKey, choice.filter, choice.orderBy ?? defaultRunOrder, false);
  }
  const { id, distKey } = await loadExperiment(context, choice.id);
  const among = shareGrant(context.viewer)?.frozenRunIds ?? null;
  return newestRuns(distKey, { experimentId: id, among });
}

function tooManyRuns(limit: number): AppError {
  return new AppError(
    "TOO_LARGE",
    `This selects more than ${limit} runs, which is what one export holds. Export one experiment after the other, or name the runs.`,
    { field: "project", limit },
  );
}
