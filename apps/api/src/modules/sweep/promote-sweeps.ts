import { bestEvaluation, isSelectionMetric, selectionScore } from "@residual/shared";
import type { Pool, PoolClient } from "pg";
import { transaction } from "../../transaction.js";
import { readEvaluations } from "../evaluation/read-evaluations.js";
import { rungsOf, startRung } from "./start-rung.js";
import { type SweepRow, sweepColumns } from "./sweep-row.js";

type RungRun = { id: string; distKey: number; seed: number; config: number };

/**
 * Goes on with sweeps of which every run of the rung has ended: the best configurations start their next rung, and a sweep after its last one
 * is finished. Safe from several processes at once. Returns the ids of the runs that were started.
 */
export async function promoteSweeps(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<Pick<SweepRow, "distKey" | "id">>(
    `SELECT s.dist_key AS "distKey", s.id FROM sweep s
     WHERE s.status = 'RUNNING' AND NOT EXISTS (
       SELECT FROM run r WHERE r.dist_key = s.dist_key AND r.sweep_id = s.id AND r.sweep_rung = s.rung
         AND r.status IN ('QUEUED', 'RUNNING') AND r.trashed_at IS NULL)
     ORDER BY s.created_at LIMIT 20`,
  );
  const started: string[] = [];
  for (const { distKey, id } of rows)
    started.push(...(await transaction(pool, (client) => promote(pool, client, distKey, id))));
  return started;
}

async function promote(pool: Pool, client: PoolClient, distKey: number, id: string): Promise<string[]> {
  const { rows } = await client.query<SweepRow>(
    `SELECT ${sweepColumns} FROM sweep WHERE dist_key = $1 AND id = $2 AND status = 'RUNNING' FOR UPDATE SKIP LOCKED`,
    [distKey, id],
  );
  const [sweep] = rows;
  if (!sweep) return [];
  const next = rungsOf(sweep)[sweep.rung + 1];
  const ranked = next ? (await rank(pool, client, sweep)).slice(0, next.candidates) : [];
  if (!next || ranked.length === 0) {
    await client.query("UPDATE sweep SET status = 'FINISHED' WHERE dist_key = $1 AND id = $2", [distKey, id]);
    return [];
  }
  await client.query("UPDATE sweep SET rung = rung + 1 WHERE dist_key = $1 AND id = $2", [distKey, id]);
  return startRung(client, sweep, sweep.rung + 1, ranked);
}

/** Configurations of the present rung, the best first, by the mean score of their finished runs; those without one are out. */
async function rank(pool: Pool, client: PoolClient, sweep: SweepRow) {
  const { rows: runs } = await client.query<RungRun>(
    `SELECT id, dist_key AS "distKey", seed, sweep_config AS config FROM run
     WHERE dist_key = $1 AND sweep_id = $2 AND sweep_rung = $3 AND status = 'FINISHED' AND trashed_at IS NULL`,
    [sweep.distKey, sweep.id, sweep.rung],
  );
  const { rows: experiments } = await client.query<{ selection_metric: string }>(
    "SELECT selection_metric FROM experiment WHERE id = $1",
    [sweep.experimentId],
  );
  const wanted = experiments[0]?.selection_metric ?? "";
  const metric = isSelectionMetric(wanted) ? wanted : "val/accuracy";
  const evaluations = runs.length > 0 ? await readEvaluations(pool, runs) : [];
  const scored = runs.flatMap((run) => {
    const best = bestEvaluation(
      evaluations.filter(({ runId }) => runId === run.id),
      metric,
    );
    return best ? [{ run, score: selectionScore(best, metric) }] : [];
  });
  const configs = [...new Set(scored.map(({ run }) => run.config))];
  return configs
    .map((config) => {
      const own = scored.filter(({ run }) => run.config === config);
      return {
        config,
        score: own.reduce((sum, { score }) => sum + score, 0) / own.length,
        parents: new Map(own.map(({ run }) => [run.seed, run.id])),
      };
    })
    .sort((a, b) => b.score - a.score || a.config - b.config);
}
