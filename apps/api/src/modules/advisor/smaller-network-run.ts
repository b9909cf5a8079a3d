import { bestEvaluation, isArchitectureId, type SmallerNetworkEvidence, smallerNetwork } from "@residual/shared";
import type { Context } from "../../context.js";
import { standRuns } from "../comparison/stand-runs.js";
import { testPair } from "../comparison/test-pair.js";
import { evaluationsOfRun } from "../evaluation/evaluation.loader.js";
import type { Run } from "../run/run.entity.js";
import { loadRuns } from "../run/run.loader.js";

/** Of more, the newest are looked at. */
const MAX_CANDIDATES = 10;

/** This run against the best finished run of the next smaller network in its experiment, tested on the same val images. */
export async function smallerNetworkRun(context: Context, run: Run): Promise<SmallerNetworkEvidence | null> {
  if (run.status !== "FINISHED" || run.architecture === null || !isArchitectureId(run.architecture)) return null;
  const architecture = smallerNetwork(run.architecture);
  if (architecture === null || run.datasetId === null) return null;
  const { rows } = await context.pool.query<{ id: string }>(
    `SELECT id FROM run WHERE dist_key = $1 AND experiment_id = $2 AND dataset_id = $3 AND architecture = $4
       AND status = 'FINISHED' AND trashed_at IS NULL ORDER BY created_at DESC LIMIT ${MAX_CANDIDATES}`,
    [run.distKey, run.experimentId, run.datasetId, architecture],
  );
  if (rows.length === 0) return null;
  const candidates = await loadRuns(
    context,
    rows.map(({ id }) => id),
  );
  const best = await bestOnSameImages(context, run, candidates);
  if (!best) return null;
  const [own, other] = await standRuns(context, [run, best], { selection: "BEST", metric: "val/accuracy" });
  const test = testPair(own!, other!);
  if (!test) return null;
  const times = [own!, other!].map(({ run: { cost } }) => cost.trainSeconds);
  return { name: best.name, test, timeRatio: times[0] && times[1] ? times[0] / times[1] : null };
}

/** By their evaluations alone: what single images were taken for is read of the one that is tested, not of all. */
async function bestOnSameImages(context: Context, run: Run, candidates: Run[]): Promise<Run | null> {
  const [own, ...others] = await Promise.all(
    [run, ...candidates].map(async (one) => {
      const evaluations = await context.load(evaluationsOfRun).load(one);
      return { run: one, evaluation: bestEvaluation(evaluations, "val/accuracy") };
    }),
  );
  const hash = own!.evaluation?.valImagesHash ?? null;
  if (hash === null) return null;
  const same = others.filter(({ evaluation }) => evaluation?.valImagesHash === hash);
  return same.toSorted((a, b) => b.evaluation!.val.correct - a.evaluation!.val.correct)[0]?.run ?? null;
}
