import { sayMeasured } from "@residual/shared";
import type { Context } from "../../context.js";
import { smallerNetworkRun } from "../advisor/smaller-network-run.js";
import type { GuideNote } from "../architecture/training-guide.type.js";
import { loadRuns } from "../run/run.loader.js";

/** Of the newest runs; each is tested against a run of its own experiment. */
const mostRuns = 5;

/** What ResNet-101 gains over ResNet-50 here, image by image; null where no two finished runs of an experiment were scored on the same images. */
export async function accuracyNote(context: Context, distKey: number): Promise<GuideNote | null> {
  const { rows } = await context.pool.query<{ id: string }>(
    `SELECT id FROM run WHERE dist_key = $1 AND architecture = 'resnet101' AND origin = 'TRAINED_HERE' AND status = 'FINISHED'
       AND trashed_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ${mostRuns}`,
    [distKey],
  );
  for (const run of await loadRuns(
    context,
    rows.map(({ id }) => id),
  )) {
    const found = await smallerNetworkRun(context, run);
    if (!found) continue;
    const { estimate, low, high, examples } = found.test;
    const values = { difference: points(estimate), low: points(low), high: points(high), other: found.name, examples };
    return {
      ...{
        field: null,
        claim: "accuracy",
        source: "MEASURED",
        message: sayMeasured("guide.measured.accuracy", values),
      },
      ...{ standing: null, reference: null },
    };
  }
  return null;
}

function points(fraction: number): number {
  return Math.round(fraction * 1_000) / 10;
}
