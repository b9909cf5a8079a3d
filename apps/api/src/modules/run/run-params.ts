import { printRunOperand } from "@residual/shared";

/** Longer texts are found and sorted by their beginning: an index entry is small. */
export const indexedText = 200;

/** The beginning of a text that an index entry holds, in whole characters as left() of SQL counts them. */
export function cutText(text: string): string {
  return Array.from(text).slice(0, indexedText).join("");
}

/** Longer paths are found by reading the runs. */
const longestPath = 500;

/** Whether the values at a path are all in run_param. List items counted from the end, or as 01, have another name there. */
export function isIndexedPath(path: readonly string[]): boolean {
  if (path.some((name) => /^-?\d+$/.test(name) && !/^(0|[1-9]\d*)$/.test(name))) return false;
  return printRunOperand({ kind: "config", path }).length <= longestPath;
}

/** A single value of a training config: `path` as a query writes it, and a number or a text. */
type RunParam = { path: string; number: number | null; text: string | null };

/** Every number and text in a training config, however deep. */
function runParams(config: unknown, path: readonly string[] = []): RunParam[] {
  if (typeof config === "object" && config !== null)
    return Object.entries(config).flatMap(([name, value]) => runParams(value, [...path, name]));
  if (path.length === 0 || !isIndexedPath(path)) return [];
  const at = { path: printRunOperand({ kind: "config", path }) };
  if (typeof config === "number") return [{ ...at, number: config, text: null }];
  return typeof config === "string" ? [{ ...at, number: null, text: cutText(config) }] : [];
}

interface Client {
  query(sql: string, values: unknown[]): Promise<unknown>;
}

/** Makes the training config of a new run findable; belongs into the transaction that inserts the run. */
export async function insertRunParams(client: Client, distKey: number, runId: string, config: unknown): Promise<void> {
  const params = runParams(config);
  if (params.length === 0) return;
  await client.query(
    `INSERT INTO run_param (dist_key, run_id, path, number, text)
     SELECT $1, $2, p.path, p.number, p.text
     FROM unnest($3::text[], $4::float8[], $5::text[]) AS p(path, number, text)`,
    [
      distKey,
      runId,
      params.map((param) => param.path),
      params.map((param) => param.number),
      params.map((param) => param.text),
    ],
  );
}
