import type { Pool } from "pg";
import type { RunToRead } from "./read-parts.js";
import { type ReadSeries, readSeries, type SeriesRequest } from "./read-series.js";
import { contentOf, parseEtag, type SeriesTag, seriesVersion } from "./series-etag.js";

/** A series that the client has already: what its etag says of it. */
type KnownSeries = Pick<ReadSeries, "runId" | "key" | "count" | "exact">;

/**
 * As readSeries, for a client that has series with the etags `have`. Those of runs to which nothing came since are known by one row a run: no point
 * of them is read.
 */
export async function readChanged(
  pool: Pool,
  request: SeriesRequest & { keys: string[] },
  have: readonly string[],
): Promise<{ changed: ReadSeries[]; known: KnownSeries[] }> {
  const tags = have.flatMap((etag) => parseEtag(etag) ?? []);
  if (tags.length === 0) return { changed: await readSeries(pool, request), known: [] };
  const byVersion = new Map(tags.map((tag) => [tag.version, tag]));
  const arrivals = await readArrivals(pool, request.runs);
  const known: KnownSeries[] = [];
  const runs: RunToRead[] = [];
  const keys = new Set<string>();
  for (const run of request.runs) {
    const missing = request.keys.filter((key) => {
      const tag = byVersion.get(seriesVersion(request, run.id, key, arrivals.get(run.id) ?? 0));
      if (tag) known.push(knownBy(tag, run.id, key));
      return !tag;
    });
    if (missing.length > 0) runs.push(run);
    for (const key of missing) keys.add(key);
  }
  const isKnown = new Set(known.map(({ runId, key }) => `${runId}\n${key}`));
  const contents = new Map(tags.map((tag) => [tag.content, tag]));
  const changed: ReadSeries[] = [];
  for (const series of runs.length > 0 ? await readSeries(pool, { ...request, runs, keys: [...keys] }) : []) {
    if (isKnown.has(`${series.runId}\n${series.key}`)) continue;
    const tag = contents.get(contentOf(series));
    if (tag) known.push(knownBy(tag, series.runId, series.key));
    else changed.push(series);
  }
  return { changed, known };
}

function knownBy({ count, exact }: SeriesTag, runId: string, key: string): KnownSeries {
  return { runId, key, count, exact };
}

/** The last arrival that is shown of each run; runs without any are left out. */
async function readArrivals(pool: Pool, runs: readonly RunToRead[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<[runId: string, arrivals: number]>({
    name: "metric-read-arrivals",
    rowMode: "array",
    text: `SELECT s.run_id, LEAST(s.arrivals, w.up_to) FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS w(dist_key, run_id, up_to)
           JOIN metric_stream s USING (dist_key, run_id)`,
    values: [runs.map((run) => run.distKey), runs.map((run) => run.id), runs.map((run) => run.upTo)],
  });
  return new Map(rows);
}
