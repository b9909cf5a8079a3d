import {
  type AdviceOutcome,
  type AdviceRule,
  type AppliedAdvice as Applied,
  accuracyGap,
  judgeAdvice,
} from "@residual/shared";
import type { Context } from "../../context.js";
import { standRuns } from "../comparison/stand-runs.js";
import { testPair } from "../comparison/test-pair.js";
import type { Run } from "../run/run.entity.js";
import { loadRun } from "../run/run.loader.js";
import type { AdviceScore, AppliedAdvice } from "./advice.type.js";

/** A row of applied_advice. outcome null: the run had not ended when it was last looked at. */
type AppliedRow = {
  dist_key: number;
  run_id: string;
  parent_id: string;
  rule: AdviceRule;
  action: string;
  applied_at: Date;
  outcome: Exclude<AdviceOutcome, "PENDING"> | null;
};

const columns = "dist_key, run_id, parent_id, rule, action, applied_at, outcome";

/** The advice that started this run, judged by its paired test against the run it was given for; null for any other run. */
export async function appliedAdviceOf(context: Context, run: Run): Promise<AppliedAdvice | null> {
  const { rows } = await context.pool.query<AppliedRow>(
    `SELECT ${columns} FROM applied_advice WHERE dist_key = $1 AND run_id = $2`,
    [run.distKey, run.id],
  );
  const [row] = rows;
  if (!row) return null;
  const { outcome, test } = await judge(context, row, run);
  const { rule, action, applied_at: appliedAt } = row;
  return {
    rule,
    action,
    appliedAt,
    outcome: row.outcome ?? outcome,
    difference: test && { estimate: test.estimate, low: test.low, high: test.high },
  };
}

/** Runs that advice for `run` has started, by the action's id. */
export async function startedByAdvice(context: Context, run: Run): Promise<Map<string, string>> {
  const { rows } = await context.pool.query<AppliedRow>(
    `SELECT a.rule, a.action, a.run_id FROM applied_advice a JOIN run r ON r.dist_key = a.dist_key AND r.id = a.run_id
     WHERE a.dist_key = $1 AND a.parent_id = $2 AND r.trashed_at IS NULL`,
    [run.distKey, run.id],
  );
  return new Map(rows.map(({ rule, action, run_id }) => [`${rule}.${action}`, run_id]));
}

/** Scores of a project's advice, the most applied first. Settles the outcome of runs that have ended since. */
export async function adviceScores(context: Context, projectId: string): Promise<AdviceScore[]> {
  await settle(context, projectId);
  const { rows } = await context.pool.query<AdviceScore>(
    `SELECT rule, action, count(*)::int AS applied,
            count(*) FILTER (WHERE outcome = 'HELPED')::int AS helped, count(*) FILTER (WHERE outcome = 'HURT')::int AS hurt,
            count(*) FILTER (WHERE outcome = 'NO_DIFFERENCE_SHOWN')::int AS "noDifferenceShown",
            count(*) FILTER (WHERE outcome IS NULL)::int AS pending
     FROM applied_advice WHERE project_id = $1 GROUP BY rule, action ORDER BY applied DESC, rule, action`,
    [projectId],
  );
  return rows;
}

/** Of more, the oldest are settled first and the rest the next time. */
const SETTLED_AT_ONCE = 20;

async function settle(context: Context, projectId: string): Promise<void> {
  const { rows } = await context.pool.query<AppliedRow>(
    `SELECT a.dist_key, a.run_id, a.parent_id, a.rule, a.action, a.applied_at, a.outcome
     FROM applied_advice a JOIN run r ON r.dist_key = a.dist_key AND r.id = a.run_id
     WHERE a.project_id = $1 AND a.outcome IS NULL AND r.status IN ('FINISHED', 'FAILED', 'STOPPED')
     ORDER BY a.applied_at LIMIT ${SETTLED_AT_ONCE}`,
    [projectId],
  );
  for (const row of rows) {
    const { outcome } = await judge(context, row, await loadRun(context, row.run_id));
    if (outcome !== "PENDING")
      await context.pool.query("UPDATE applied_advice SET outcome = $3 WHERE dist_key = $1 AND run_id = $2", [
        row.dist_key,
        row.run_id,
        outcome,
      ]);
  }
}

async function judge(context: Context, { parent_id, rule }: AppliedRow, run: Run) {
  const parent = await loadRun(context, parent_id).catch(() => null);
  const [before, after] = parent
    ? await standRuns(context, [parent, run], { selection: "BEST", metric: "val/accuracy" })
    : [];
  const test = before && after ? testPair(after, before) : null;
  const gapOf = (stand: typeof before) => (stand?.evaluation ? accuracyGap(stand.evaluation) : null);
  const applied: Applied = { rule, status: run.status, test, gapBefore: gapOf(before), gapAfter: gapOf(after) };
  return { outcome: judgeAdvice(applied), test };
}
