import type { Pool } from "pg";
import type { KnownWriters } from "./known-writers.js";
import type { PendingSummaries } from "./pending-summaries.js";
import type { IncomingFrame, Outcome, StoredFrame } from "./store-frames.js";

/** Of so many frames what a statement costs Postgres weighs more than the round trips that are saved: storeFrames writes many in one. */
const MOST_FRAMES = 8;

/** Raised by metric_store_next_frames where something is not as expected; then it has stored nothing. */
const NOT_AS_EXPECTED = "RS001";

type NextFrames = { runId: string; leaseGeneration: number; frames: IncomingFrame[]; points: number };

/**
 * Does what storeFrames does, in one round trip, for a few frames that are each the next of a writer which was heard of before, in runs whose
 * summaries need not be written with them: what a training script sends all the time. Null where the frames are not such ones, or the
 * database finds that they are not: then nothing is stored and storeFrames tells why. Rejects as storeFrames does.
 */
export async function storeNextFrames(
  pool: Pool,
  distKey: number,
  items: readonly IncomingFrame[],
  known: KnownWriters,
  pending: PendingSummaries,
): Promise<{ outcomes: Outcome[]; stored: StoredFrame[] } | null> {
  if (items.length > MOST_FRAMES || !known.areNext(items) || pending.needsWriting(items)) return null;
  const runs = byRun(items);
  if (!runs) return null;
  const frames = runs.flatMap((run) => run.frames);
  let before: readonly number[];
  try {
    const { rows } = await pool.query<{ before: readonly number[] }>({
      name: "metric-store-next-frames",
      text: "SELECT metric_store_next_frames($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS before",
      values: [
        distKey,
        runs.map((run) => run.runId),
        runs.map((run) => run.leaseGeneration),
        runs.map((run) => run.frames.length),
        runs.map((run) => run.points),
        frames.map((item) => item.writer),
        frames.map((item) => item.seq),
        frames.map((item) => item.points),
        frames.map((item) => item.digest),
        frames.map((item) => item.bytes),
      ],
    });
    before = rows[0]!.before;
  } catch (error) {
    known.forget(items);
    if ((error as { code?: string }).code === NOT_AS_EXPECTED) return null;
    // Committed or not: the summaries in memory may say too little.
    pending.doubt(runs.map((run) => run.runId));
    throw error;
  }
  const accepted = runs.flatMap((run, r) =>
    run.frames.map((item, i) => ({ item, arrival: Number(before[r]) + 1 + i })),
  );
  pending.fold(accepted);
  return {
    outcomes: items.map(({ writer, seq, points }) => ({
      receipt: { writer, ackedSeq: seq, points, duplicate: false },
    })),
    stored: accepted.map(({ item, arrival }) => ({ runId: item.runId, arrival, points: item.points })),
  };
}

/** In the order in which all who lock several runs lock them; null where a run's frames are of several lease generations. */
function byRun(items: readonly IncomingFrame[]): NextFrames[] | null {
  const runs = new Map<string, NextFrames>();
  for (const item of items) {
    const { runId, leaseGeneration, points } = item;
    const run = runs.get(runId);
    if (!run) runs.set(runId, { runId, leaseGeneration, frames: [item], points });
    else if (run.leaseGeneration !== leaseGeneration) return null;
    else {
      run.frames.push(item);
      run.points += points;
    }
  }
  return [...runs.values()].sort((a, b) => (a.runId < b.runId ? -1 : 1));
}
