import { type GapVerdict, gapRuleVersion } from "@residual/shared";
import type { Pool } from "pg";
import type { Run } from "../run/run.entity.js";

/** What is kept of a run's gap beside it, by the project's threshold; null where there is none. */
export type KeptGap = Pick<Run, "gap" | "lossGap"> & { gapVerdict: GapVerdict | null; gapThreshold: number };

/** Of an assessment what is kept. */
export function toKept(
  assessed: {
    verdict: GapVerdict;
    accuracy: { estimate: number } | null;
    loss: { estimate: number } | null;
  } | null,
  gapThreshold: number,
): KeptGap {
  const finite = (estimate: number | undefined) => (Number.isFinite(estimate) ? estimate! : null);
  return {
    gap: finite(assessed?.accuracy?.estimate),
    lossGap: finite(assessed?.loss?.estimate),
    gapVerdict: assessed?.verdict ?? null,
    gapThreshold,
  };
}

/** Keeps gaps of runs of one shard, in one statement; rows that say the same already are left alone. */
export async function keepGaps(
  pool: Pool,
  distKey: number,
  gaps: readonly { runId: string; kept: KeptGap }[],
): Promise<void> {
  await pool.query({
    name: "evaluation-keep-gaps",
    text: `
      UPDATE run SET gap = w.gap, loss_gap = w.loss_gap, gap_verdict = w.verdict, gap_threshold = w.threshold, gap_rule = $7
      FROM unnest($2::text[], $3::float8[], $4::float8[], $5::text[], $6::float8[]) AS w(id, gap, loss_gap, verdict, threshold)
      WHERE run.dist_key = $1 AND run.id = w.id
        AND (run.gap, run.loss_gap, run.gap_verdict, run.gap_threshold, run.gap_rule)
          IS DISTINCT FROM (w.gap, w.loss_gap, w.verdict, w.threshold, $7::int)`,
    values: [
      distKey,
      gaps.map(({ runId }) => runId),
      gaps.map(({ kept }) => kept.gap),
      gaps.map(({ kept }) => kept.lossGap),
      gaps.map(({ kept }) => kept.gapVerdict),
      gaps.map(({ kept }) => kept.gapThreshold),
      gapRuleVersion,
    ],
  });
}
