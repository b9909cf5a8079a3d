import { badInput, notFound } from "../../errors.js";
import type { RunChoice } from "./select-runs.js";
import type { PointChoice } from "./series-table.js";

export type ExportFormat = "arrow" | "parquet" | "csv";

/** What an address under /export asks for. `keys` null: all metrics. */
export type ExportRequest = {
  readonly table: "series" | "runs";
  readonly format: ExportFormat;
  readonly choice: RunChoice;
  readonly keys: readonly string[] | null;
  readonly points: PointChoice;
};

const maxKeys = 1_000;
const known: Record<ExportRequest["table"], readonly string[]> = {
  series: ["run", "experiment", "project", "filter", "orderBy", "key", "from", "to", "attempt", "keep"],
  runs: ["run", "experiment", "project", "filter", "orderBy", "key"],
};

/**
 * Reads /export/<file>?<query>: file is series or runs with .arrow, .parquet or .csv; one of run (repeated, or with commas), experiment and
 * project says which runs, of a project filter and orderBy (as in the run list); key may be repeated; from and to bound the steps; attempt reads
 * runs as that lease generation left them, keep=all keeps points that were replaced. Throws BAD_INPUT naming the parameter, NOT_FOUND for another file.
 */
export function parseExport(file: string, query: URLSearchParams): ExportRequest {
  const match = /^(series|runs)\.(arrow|parquet|csv)$/.exec(file);
  if (!match) throw notFound("export", file);
  const table = match[1] as ExportRequest["table"];
  const unknown = [...query.keys()].find((name) => !known[table].includes(name));
  if (unknown !== undefined)
    throw badInput(
      unknown.slice(0, 80),
      `${table} has no parameter ${JSON.stringify(unknown.slice(0, 80))}.`,
      known[table],
    );
  const keys = query.getAll("key");
  if (keys.length > maxKeys)
    throw badInput("key", `key is given ${keys.length} times; ${maxKeys} are served.`, maxKeys);
  const [from, to] = [wholeOf(query, "from"), wholeOf(query, "to")];
  if (from !== null && to !== null && from > to)
    throw badInput("to", `to (${to}) is before from (${from}). Give the lower step as from.`);
  const keep = query.get("keep") ?? "last";
  if (keep !== "all" && keep !== "last")
    throw badInput("keep", "keep is last (of points at one step the later) or all.", ["last", "all"]);
  return {
    table,
    format: match[2] as ExportFormat,
    choice: choiceOf(query),
    keys: keys.length > 0 ? keys.map((key) => key.normalize("NFC")) : null,
    points: { from, to, attempt: wholeOf(query, "attempt"), keepAll: keep === "all" },
  };
}

function choiceOf(query: URLSearchParams): RunChoice {
  const given = ["run", "experiment", "project"].filter((name) => query.has(name));
  if (given.length !== 1 || (given[0] !== "run" && query.getAll(given[0]!).length > 1))
    throw badInput(
      given[1] ?? given[0] ?? "run",
      "Say which runs to export by one of run=…,…, experiment=… and project=….",
      ["run", "experiment", "project"],
    );
  const language = ["filter", "orderBy"].find((name) => query.has(name));
  if (language && given[0] !== "project")
    throw badInput(language, `${language} chooses among the runs of a project: give project=… with it.`);
  const experiment = query.get("experiment");
  if (experiment !== null) return { by: "experiment", id: experiment };
  const slug = query.get("project");
  if (slug !== null) return { by: "project", slug, filter: query.get("filter") ?? "", orderBy: query.get("orderBy") };
  const ids = query.getAll("run").flatMap((list) => list.split(","));
  if (new Set(ids).size < ids.length) throw badInput("run", "run names a run twice. Name each once.");
  return { by: "runs", ids };
}

function wholeOf(query: URLSearchParams, name: "from" | "to" | "attempt"): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const step = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(step)) return step;
  throw badInput(name, `${name} is ${JSON.stringify(text.slice(0, 40))}; it is a whole number from 0 to 2^53 − 1.`, [
    0,
    Number.MAX_SAFE_INTEGER,
  ]);
}
