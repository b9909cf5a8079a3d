import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import type { ShareViewer } from "../../viewer.js";
import { compare } from "../comparison/compare.js";
import type { Comparison } from "../comparison/comparison.type.js";
import { loadExperiment } from "../experiment/experiment.loader.js";
import { maxComparedRuns } from "../run/check-run-ids.js";
import { listRuns } from "../run/list-runs.js";
import { newestRuns } from "../run/query/run-list.js";
import type { Run } from "../run/run.entity.js";
import { runById } from "../run/run.loader.js";
import { ShareLink } from "./share-link.entity.js";
import type { SharedView } from "./share-link.input.js";

/**
 * What the holder of a link sees. From here on the request is the holder's, whoever else they are: an owner who opens a link of their own
 * sees what they have shared, and nothing reached through it shows more.
 */
export async function viewShared(context: Context, viewer: ShareViewer, link: ShareLink): Promise<SharedView> {
  context.viewer = viewer;
  const experiment = link.experimentId ? await loadExperiment(context, link.experimentId) : null;
  const runs = await sharedRuns(context, viewer, link);
  const run = link.scope === "RUN" ? runs[0]! : null;
  const label = viewer.share.presentText(link.label);
  return {
    shareLink: Object.assign(new ShareLink(), link, { label }),
    frozenAt: link.frozenAt,
    title: label || (run?.name ?? experiment?.name ?? runs.map(({ name }) => name).join(", ")),
    run,
    experiment,
    runs,
  };
}

/** The comparison that a link shows: its runs, or those of its experiment; none for a single run. */
export async function sharedComparison(context: Context, { shareLink, runs }: SharedView): Promise<Comparison | null> {
  if (shareLink.scope === "RUN" || runs.length === 0) return null;
  const inOrder = shareLink.scope === "EXPERIMENT" ? [...runs].reverse() : runs;
  // A baseline that went to the trash leaves the comparison to the best.
  const baseline = runs.some(({ id }) => id === shareLink.baseline) ? shareLink.baseline : null;
  return compare(context, inOrder, { baseline, groupBy: "RUN", selection: "BEST" });
}

async function sharedRuns(context: Context, { share }: ShareViewer, link: ShareLink): Promise<Run[]> {
  if (link.scope === "EXPERIMENT") {
    const { distKey } = await loadExperiment(context, link.experimentId!);
    const list = newestRuns(distKey, { experimentId: link.experimentId, among: share.frozenRunIds });
    const { nodes } = await listRuns(context, list, maxComparedRuns);
    return nodes.map((run) => share.present(run));
  }
  const found = await context.load(runById).loadMany(link.runIds);
  const runs = found.filter(
    (run): run is Run => run !== null && !(run instanceof Error) && (!run.trashedAt || link.frozenAt !== null),
  );
  if (link.scope === "RUN" && runs.length === 0) throw notFound("run", link.runIds[0]!);
  return runs.map((run) => share.present(run));
}
