import { planRungs, type Rung, rungEpochs } from "@residual/shared";
import type { PoolClient } from "pg";
import { insertRun } from "../job/start-run.js";
import type { SweepRow } from "./sweep-row.js";

/** The rungs of a sweep: one of all where it does not halve. */
export function rungsOf({ configs, keepOneIn }: Pick<SweepRow, "configs" | "keepOneIn">): Rung[] {
  return keepOneIn === null ? [{ candidates: configs.length, share: 1 }] : planRungs(configs.length, keepOneIn);
}

/** Queues the runs of a rung, in the caller's transaction: these configurations (by their place in the sweep) with every seed. Returns their ids. */
export async function startRung(
  client: PoolClient,
  sweep: SweepRow,
  rungNumber: number,
  candidates: readonly { config: number; parents: ReadonlyMap<number, string> }[],
): Promise<string[]> {
  const rung = rungsOf(sweep)[rungNumber]!;
  const experiment = { id: sweep.experimentId, distKey: sweep.distKey, projectId: sweep.projectId };
  const ids: string[] = [];
  for (const { config: place, parents } of candidates) {
    const full = sweep.configs[place]!;
    for (const seed of sweep.seeds) {
      const epochs = rungEpochs(full.epochs, rung);
      const planned = {
        config: { ...full, seed, epochs, evalEvery: Math.min(full.evalEvery, epochs) },
        tags: sweep.tags,
        priority: 0,
        parentId: parents.get(seed) ?? null,
      };
      const id = await insertRun(client, experiment, { id: sweep.datasetId }, planned);
      await client.query(
        "UPDATE run SET sweep_id = $3, sweep_rung = $4, sweep_config = $5 WHERE dist_key = $1 AND id = $2",
        [sweep.distKey, id, sweep.id, rungNumber, place],
      );
      ids.push(id);
    }
  }
  return ids;
}
