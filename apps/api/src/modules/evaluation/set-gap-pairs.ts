import type { GapPairs, MetricPair } from "@residual/shared";
import type { App } from "../../context.js";
import { AppError, badInput } from "../../errors.js";
import type { Run } from "../run/run.entity.js";

/**
 * Says which of a run's series make its gap; null goes back to finding them by their names. Throws BAD_INPUT for a key that the run has not
 * logged, CONFLICT for a run that a worker trains: its evaluations are what they are.
 */
export async function setGapPairs({ pool }: App, run: Run, pairs: GapPairs | null): Promise<void> {
  if (run.origin !== "LOGGED")
    throw new AppError("CONFLICT", "This run is evaluated by its worker; its gap needs no series.", { field: "run" });
  const wanted = pairs ? [pairs.accuracy, pairs.loss].filter((pair) => pair !== null) : [];
  const { rows } = await pool.query<{ key: string }>(
    "SELECT key FROM metric_series WHERE dist_key = $1 AND run_id = $2 AND key = ANY($3)",
    [run.distKey, run.id, wanted.flatMap(({ train, val }) => [train, val])],
  );
  const known = new Set(rows.map(({ key }) => key));
  for (const pair of wanted) checkPair(pair, known);
  await pool.query("UPDATE run SET gap_pairs = $3 WHERE dist_key = $1 AND id = $2", [
    run.distKey,
    run.id,
    pairs === null ? null : JSON.stringify(pairs),
  ]);
}

function checkPair({ train, val }: MetricPair, known: ReadonlySet<string>): void {
  const missing = [train, val].find((key) => !known.has(key));
  if (missing !== undefined)
    throw badInput(
      "pairs",
      `The run has logged no metric ${JSON.stringify(missing.slice(0, 256))}. Look at Run.metrics.`,
    );
  if (train === val) throw badInput("pairs", "A pair has two different metrics: one of train and one of val.");
}
