import type { Pool } from "pg";

/** More names than anybody reads; a project with more shows the first by the alphabet. */
const mostNames = 300;

/**
 * The metrics, config paths and tags of a project's runs, each sorted. Names are read by leaps along an index, from one to the next: as many
 * steps as there are names, whatever the number of runs.
 */
export async function readVocabulary(
  pool: Pool,
  distKey: number,
): Promise<{ metricKeys: string[]; configPaths: string[]; tags: string[] }> {
  const { rows } = await pool.query<{ metrics: string[]; numbers: string[]; texts: string[]; tags: string[] }>(
    `SELECT ARRAY(${leaps("metric_series", "key", "true")}) AS metrics,
            ARRAY(${leaps("run_param", "path", "number IS NOT NULL")}) AS numbers,
            ARRAY(${leaps("run_param", "path", "text IS NOT NULL")}) AS texts,
            ARRAY(SELECT DISTINCT tag FROM (SELECT tags FROM run WHERE dist_key = $1 AND trashed_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 1000) r,
                  unnest(r.tags) AS tag ORDER BY tag LIMIT $2) AS tags`,
    [distKey, mostNames],
  );
  const { metrics, numbers, texts, tags } = rows[0]!;
  return { metricKeys: metrics, configPaths: [...new Set([...numbers, ...texts])].sort(), tags };
}

function leaps(table: string, column: string, condition: string): string {
  const next = (after: string) =>
    `SELECT ${column} FROM ${table} WHERE dist_key = $1 AND ${condition}${after} ORDER BY ${column} LIMIT 1`;
  return `WITH RECURSIVE leap(name) AS (
            (${next("")}) UNION ALL SELECT (${next(` AND ${column} > leap.name`)}) FROM leap WHERE leap.name IS NOT NULL
          ) SELECT name FROM leap WHERE name IS NOT NULL LIMIT $2`;
}
