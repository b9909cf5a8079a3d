import type { Pool } from "pg";
import { metricDirection } from "./metric-direction.js";
import type { RunToRead } from "./read-parts.js";
import { readSeries } from "./read-series.js";
import { addPoints, emptySummary, type SeriesSummary } from "./series-summary.js";
import { float8 } from "./store-summaries.js";

export type RunSummary = SeriesSummary & { runId: string };

type Row = {
  dist_key: number;
  run_id: string;
  key: string;
  points: number;
  first_step: number;
  last_step: number;
  last: number;
  min: number | null;
  max: number | null;
  best: number | null;
  best_step: number | null;
  arrival: number;
  stale: boolean;
};

/**
 * Summaries of many runs' series, in one statement where none is stale. Stale ones are made anew from their points and put back, unless
 * something arrived meanwhile. Runs as of a past moment are summarised from their points.
 */
export async function readSummaries(pool: Pool, runs: RunToRead[], keys: string[] | null): Promise<RunSummary[]> {
  const now = runs.filter((run) => run.upTo === null);
  const past = runs.filter((run) => run.upTo !== null);
  const found = now.length > 0 ? await storedSummaries(pool, now, keys) : [];
  if (past.length > 0) found.push(...(await summariesFromPoints(pool, past, keys)));
  return found;
}

async function storedSummaries(pool: Pool, runs: RunToRead[], keys: string[] | null): Promise<RunSummary[]> {
  const { rows } = await pool.query<Row>({
    name: "metric-read-summaries",
    text: `SELECT s.* FROM metric_series s JOIN unnest($1::bigint[], $2::text[]) AS w(dist_key, run_id) USING (dist_key, run_id)
           WHERE $3::text[] IS NULL OR s.key = ANY($3) ORDER BY s.run_id, s.key`,
    values: [runs.map((run) => run.distKey), runs.map((run) => run.id), keys],
  });
  const stale = rows.filter((row) => row.stale);
  const fresh = rows.filter((row) => !row.stale).map(toSummary);
  for (const runId of new Set(stale.map((row) => row.run_id))) {
    const run = runs.find(({ id }) => id === runId)!;
    fresh.push(
      ...(await refresh(
        pool,
        run,
        stale.filter((row) => row.run_id === runId),
      )),
    );
  }
  return fresh;
}

function toSummary(row: Row): RunSummary {
  return {
    runId: row.run_id,
    key: row.key,
    points: row.points,
    firstStep: row.first_step,
    lastStep: row.last_step,
    last: row.last,
    min: row.min,
    max: row.max,
    best: row.best,
    bestStep: row.best_step,
    ascending: true,
  };
}

async function summariesFromPoints(pool: Pool, runs: RunToRead[], keys: string[] | null): Promise<RunSummary[]> {
  const series = await readSeries(pool, { runs, keys, from: null, to: null, maxPoints: null });
  return series.map(({ runId, key, steps, values }) => {
    const summary = emptySummary(key);
    addPoints(summary, steps, values, null);
    return { runId, ...summary };
  });
}

async function refresh(pool: Pool, run: RunToRead, stale: Row[]): Promise<RunSummary[]> {
  const made = await summariesFromPoints(
    pool,
    [run],
    stale.map((row) => row.key),
  );
  for (const row of stale) {
    const summary = made.find(({ key }) => key === row.key);
    // Guards against points that came after the row was read, and against those that wait to be added to it: the series then stays stale.
    const unchanged = `dist_key = $1 AND run_id = $2 AND key = $3 AND arrival = $4
      AND EXISTS (SELECT FROM metric_stream WHERE dist_key = $1 AND run_id = $2 AND summarised = arrivals)`;
    const identity = [run.distKey, run.id, row.key, row.arrival];
    if (summary)
      await putBack(
        pool,
        `UPDATE metric_series SET points = $5, first_step = $6, last_step = $7, last = $8, min = $9, max = $10, best = $11,
                best_step = $12, direction = $13, stale = false WHERE ${unchanged}`,
        [
          ...identity,
          summary.points,
          summary.firstStep,
          summary.lastStep,
          float8(summary.last),
          float8(summary.min),
          float8(summary.max),
          float8(summary.best),
          summary.bestStep,
          metricDirection(row.key),
        ],
      );
    else await putBack(pool, `DELETE FROM metric_series WHERE ${unchanged}`, identity);
  }
  return made;
}

/** On a replica nothing can be put back: the summary then stays stale until the primary reads it. */
async function putBack(pool: Pool, text: string, values: unknown[]): Promise<void> {
  try {
    await pool.query(text, values);
  } catch (error) {
    const isReadOnly = (error as { code?: string }).code === "25006";
    if (!isReadOnly) throw error;
  }
}
