import type { ClientBase, Pool } from "pg";
import { transaction } from "../../transaction.js";
import { decodeFrames, type FrameRow, gatherSeries, type SeriesGroup, seriesId, seriesOf } from "./gather-series.js";
import { type Growth, growGroup } from "./grow-series.js";
import { keepReceipts } from "./receipts.js";
import { storeAxes, storeChunks, storePyramids, storeRollups } from "./store-chunks.js";
import { readTails, storeTails, type Tail } from "./tail.js";
import { TimeSlice } from "./time-slice.js";

/** Of one transaction: what takes some 50 ms, in slices of 5, so that its lock and its memory stay small. */
const atOnce = { frames: 1_024, points: 65_536 } as const;

type RunKey = { id: string; distKey: number };

/**
 * Turns a run's oldest frames into chunks, one series each, and rewrites the tails of the series: a chart then reads a handful of rows instead
 * of a hundred thousand. One transaction: a crash leaves frames or chunks, never both nor neither, and readers see either in one statement.
 * Superseded points are kept. Returns how many frames went; 0 when another process is at it.
 */
export function compactRun(pool: Pool, run: RunKey): Promise<number> {
  return transaction(pool, async (client) => {
    const axes = await lockRun(client, run);
    const frames = axes === null ? [] : await readFrames(client, run);
    if (frames.length === 0) return 0;
    const slice = new TimeSlice();
    const decoded = await decodeFrames(run.id, frames, slice);
    const series = seriesOf(decoded);
    const tails = await readTails(client, run, [...new Set(series.map(([key]) => key))]);
    const groups = gatherSeries(run.id, decoded, byId(tails));
    await storeGroups(client, run, groups, axes!, slice);
    await keepReceipts(client, run, frames);
    await deleteFrames(client, run, frames.at(-1)!.arrival);
    return frames.length;
  });
}

const byId = (tails: Tail[]) => new Map(tails.map((tail) => [seriesId(tail.key, tail.lease_generation), tail]));

/** Writes what the groups fill of chunks and leave of tails. `axes`: how many shared axes the run has; the caller holds its lock. */
export async function storeGroups(
  client: ClientBase,
  run: RunKey,
  groups: SeriesGroup[],
  axes: number,
  slice = new TimeSlice(),
): Promise<void> {
  let nextAxis = axes;
  const growths: Growth[] = [];
  for (const group of groups) growths.push(await growGroup(group, () => nextAxis++, slice));
  const chunks = growths.flatMap((growth) => growth.chunks);
  const tails = growths.flatMap((growth) => growth.tails);
  await storeAxes(
    client,
    run,
    growths.flatMap((growth) => growth.axes),
  );
  await storeChunks(client, run, chunks);
  await storeRollups(client, run, tails, chunks);
  await storePyramids(client, run, tails, chunks, slice);
  await storeTails(client, run, tails);
  if (nextAxis > axes)
    await client.query("UPDATE metric_compaction SET axes = $3 WHERE dist_key = $1 AND run_id = $2", [
      run.distKey,
      run.id,
      nextAxis,
    ]);
}

/**
 * A row of its own to lock, so that compaction does not hold up the ingest of the run. Returns how many shared axes the run has, null where
 * another process holds the lock.
 */
export async function lockRun(client: ClientBase, run: RunKey): Promise<number | null> {
  const select = "SELECT axes FROM metric_compaction WHERE dist_key = $1 AND run_id = $2";
  const values = [run.distKey, run.id];
  await client.query("INSERT INTO metric_compaction (dist_key, run_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", values);
  const { rows } = await client.query<{ axes: number }>(`${select} FOR UPDATE SKIP LOCKED`, values);
  return rows[0]?.axes ?? null;
}

async function readFrames(client: ClientBase, run: RunKey): Promise<FrameRow[]> {
  const { rows } = await client.query<FrameRow>(
    `SELECT arrival, writer, seq, lease_generation, digest, frame FROM (
       SELECT *, sum(points) OVER (ORDER BY arrival) - points AS points_before FROM metric_frame
       WHERE dist_key = $1 AND run_id = $2 ORDER BY arrival LIMIT ${atOnce.frames}
     ) AS oldest WHERE points_before < ${atOnce.points} ORDER BY arrival`,
    [run.distKey, run.id],
  );
  return rows;
}

async function deleteFrames(client: ClientBase, run: RunKey, upTo: number): Promise<void> {
  await client.query("DELETE FROM metric_frame WHERE dist_key = $1 AND run_id = $2 AND arrival <= $3", [
    run.distKey,
    run.id,
    upTo,
  ]);
}
