import type { RunOperand } from "@residual/shared";
import type { SqlValues } from "./sql-values.js";

/** Names as people sort them: case does not count (A–Z), and "run 9" comes before "run 10". The same words as in the index run_by_name. */
export const sortableName = `regexp_replace(regexp_replace(lower(run.name COLLATE "C"), '(\\d+)', '0000000000\\1', 'g'), '\\d*(\\d{10})', '\\1', 'g')`;

/** What a column of SQL holds, for comparisons and cursors. Moments are compared as milliseconds since 1970. */
export type SqlType = "text" | "number" | "moment";

const columns = {
  id: { sql: "run.id", type: "text" },
  name: { sql: "run.name", type: "text" },
  status: { sql: "run.status", type: "text" },
  architecture: { sql: "run.architecture", type: "text" },
  origin: { sql: "run.origin", type: "text" },
  group: { sql: 'run."group"', type: "text" },
  notes: { sql: "run.notes", type: "text" },
  error: { sql: "run.error", type: "text" },
  seed: { sql: "run.seed::float8", type: "number" },
  speed: { sql: "run.measured_images_per_second", type: "number" },
  gap: { sql: "run.gap", type: "number" },
  lossGap: { sql: "run.loss_gap", type: "number" },
  verdict: { sql: "run.gap_verdict", type: "text" },
  startedAt: { sql: "run.started_at", type: "moment" },
  finishedAt: { sql: "run.finished_at", type: "moment" },
} as const satisfies Record<string, { sql: string; type: SqlType }>;

/** A single value of a run as an SQL expression over the alias `run`; null where the run lacks it. now: milliseconds since 1970. */
export function fieldSql(
  name: Exclude<(RunOperand & { kind: "field" })["name"], "tag" | "experiment" | "dataset" | "createdAt">,
  values: SqlValues,
  now: number,
): { sql: string; type: SqlType } {
  if (name === "duration") {
    const end = `coalesce(run.finished_at, to_timestamp(${values.add(now, "float8")} / 1000))`;
    return { sql: `extract(epoch FROM ${end} - run.started_at)::float8`, type: "number" };
  }
  return columns[name];
}

/** NaN and infinities are no values. */
function finite(sql: string): string {
  return `CASE WHEN ${sql} NOT IN ('NaN', 'Infinity', '-Infinity') THEN ${sql} END`;
}

/**
 * A summary of a metric, over the alias `run`. It is as the last commit left it: a series that went back in step may wait to be made anew. The
 * dist_key is a constant and not that of the run: a sharded Postgres sees by it that one shard can answer the whole statement.
 */
export function metricSql(
  { key, summary }: RunOperand & { kind: "metric" },
  values: SqlValues,
  distKey: number,
): string {
  const value = summary === "last" ? finite("s.last") : `s.${summary}`;
  return `(SELECT ${value} FROM metric_series s WHERE s.dist_key = ${values.add(distKey, "bigint")} AND s.run_id = run.id AND s.key = ${values.add(key, "text")})`;
}

/** What stands in the training config, over the alias `run`: as JSON, as a number, as a text (null where it is of another type). */
export function configSql({ path }: RunOperand & { kind: "config" }, values: SqlValues) {
  const json = `(run.config #> ${values.add(path, "text[]")})`;
  return {
    json,
    number: `(CASE WHEN jsonb_typeof${json} = 'number' THEN ${json}::float8 END)`,
    text: `(CASE WHEN jsonb_typeof${json} = 'string' THEN ${json} #>> '{}' END)`,
  };
}
