import type { Pool } from "pg";
import type { RunRef } from "../../live/notice.js";
import { readGapThresholds } from "../project/gap-thresholds.js";
import { gapNews } from "./gap-news.js";
import { readEvaluations } from "./read-evaluations.js";

/** Of the runs those whose gap became news within the last `seconds`. */
export async function findUntoldGaps<Ref extends RunRef & { distKey: number }>(
  pool: Pool,
  runs: Ref[],
  seconds: number,
): Promise<Ref[]> {
  if (runs.length === 0) return [];
  const since = Date.now() - seconds * 1_000;
  const [evaluations, thresholds] = await Promise.all([
    readEvaluations(pool, runs),
    readGapThresholds(
      pool,
      runs.map((run) => run.projectId),
    ),
  ]);
  return runs.filter(({ id, projectId }) => {
    const ofRun = evaluations.filter(({ runId }) => runId === id);
    const isLate = ({ createdAt }: { createdAt: Date }) => createdAt.getTime() > since;
    return ofRun.some(isLate) && gapNews(ofRun, isLate, thresholds.get(projectId)!).isNews;
  });
}
