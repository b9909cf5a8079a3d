import { isArchitectureId, type SmallerNetworkEvidence, smallerNetwork } from "@residual/shared";
import type { Context } from "../../context.js";
import { type Stand, standRuns } from "../comparison/stand-runs.js";
import { testPair } from "../comparison/test-pair.js";
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
  const [own, ...others] = await standRuns(context, [run, ...candidates], {
    selection: "BEST",
    metric: "val/accuracy",
  });
  const best = others
    .filter(({ evaluation }) => evaluation?.valImagesHash != null && sameImages(own!, evaluation.valImagesHash))
    .toSorted((a, b) => b.evaluation!.val.correct - a.evaluation!.val.correct)[0];
  if (!best) return null;
  const test = testPair(own!, best);
  if (!test) return null;
  const times = [own!, best].map(({ run: { cost } }) => cost.trainSeconds);
  return { name: best.run.name, test, timeRatio: times[0] && times[1] ? times[0] / times[1] : null };
}

function sameImages({ evaluation }: Stand, hash: string): boolean {
  return evaluation?.valImagesHash === hash;
}
