import { In } from "typeorm";
import type { Context } from "../../context.js";
import { AppError } from "../../errors.js";
import { shareGrant } from "../../viewer.js";
import { toRead } from "../metric/metric.loader.js";
import type { RunToRead } from "../metric/read-parts.js";
import { type RunSummary, readSummaries } from "../metric/read-summaries.js";
import { Run } from "../run/run.entity.js";
import { ConfigColumns, flatConfig } from "./config-columns.js";
import type { ExportBatch, ExportField, ExportTable } from "./export-table.js";
import { type RunChoice, visitRuns } from "./select-runs.js";
import { seriesSizes } from "./series-sizes.js";

const limits = { runs: 100_000, columns: 2_000 } as const;

/** Cells of a batch: some 10 MB of values. */
const cellsAtOnce = 250_000;

type Cell = string | number | boolean | null;
type RunColumn = { readonly field: ExportField; cellOf: (run: Run) => Cell };

const ownColumns: readonly RunColumn[] = [
  { field: { name: "id", type: "text" }, cellOf: (run) => run.id },
  { field: { name: "name", type: "text" }, cellOf: (run) => run.name },
  { field: { name: "experiment", type: "text" }, cellOf: (run) => run.experimentId },
  { field: { name: "status", type: "text" }, cellOf: (run) => run.status },
  { field: { name: "architecture", type: "text" }, cellOf: (run) => run.architecture },
  { field: { name: "seed", type: "integer" }, cellOf: (run) => run.seed },
  { field: { name: "group", type: "text" }, cellOf: (run) => run.group },
  { field: { name: "origin", type: "text" }, cellOf: (run) => run.origin },
  { field: { name: "tags", type: "text" }, cellOf: (run) => JSON.stringify(run.tags) },
  { field: { name: "createdAt", type: "time" }, cellOf: (run) => run.createdAt.getTime() },
  { field: { name: "startedAt", type: "time" }, cellOf: (run) => run.startedAt?.getTime() ?? null },
  { field: { name: "finishedAt", type: "time" }, cellOf: (run) => run.finishedAt?.getTime() ?? null },
  { field: { name: "parameters", type: "number" }, cellOf: (run) => run.passport?.parameters ?? null },
  { field: { name: "imagesPerSecond", type: "number" }, cellOf: (run) => run.measuredImagesPerSecond },
  { field: { name: "memoryBytes", type: "number" }, cellOf: (run) => run.measuredMemoryBytes },
];

const summaryColumns = ["count", "last", "lastStep", "best", "bestStep", "min", "max"] as const;

const summaryValues: Record<(typeof summaryColumns)[number], (summary: RunSummary) => number | null> = {
  count: (summary) => summary.points,
  last: (summary) => summary.last,
  lastStep: (summary) => summary.lastStep,
  best: (summary) => summary.best,
  bestStep: (summary) => summary.bestStep,
  min: (summary) => summary.min,
  max: (summary) => summary.max,
};

type Selected = { readonly id: string; readonly distKey: number };

/**
 * A row a run: what the run is, config.<path> for each setting that one of them has, and metric.<key>.<count, last, lastStep, best, bestStep,
 * min, max> for each of `keys` (null: all that there are). Throws TOO_LARGE for more than 100,000 runs or 2,000 columns.
 */
export async function runsTable(
  context: Context,
  choice: RunChoice,
  keys: readonly string[] | null,
): Promise<ExportTable> {
  const selected: Selected[] = [];
  const metricKeys = new Set(keys);
  const config = new ConfigColumns();
  const pages: RunToRead[][] = [];
  await visitRuns(context, choice, limits.runs, (runs) => {
    for (const run of runs) {
      selected.push({ id: run.id, distKey: run.distKey });
      config.add(flatConfig(run.config));
    }
    if (!keys) pages.push(runs.map(toRead));
  });
  const grant = shareGrant(context.viewer);
  // What a frozen link does not show yet must not stand in its head either.
  for (const page of pages)
    if (grant?.frozenRunIds) for (const { key } of await readSummaries(context.pool, page, null)) metricKeys.add(key);
    else
      for (const series of (await seriesSizes(context.pool, page, null)).values())
        for (const { key } of series) metricKeys.add(key);
  const shownKeys = [...metricKeys].filter((key) => grant?.showsKey(key) ?? true).sort();
  const columns = ownColumns.length + config.count + summaryColumns.length * shownKeys.length;
  if (columns > limits.columns) throw tooManyColumns(columns);
  return makeTable(context, selected, config, shownKeys);
}

function makeTable(context: Context, selected: Selected[], config: ConfigColumns, keys: string[]): ExportTable {
  const settings = config.columns();
  const fields = [
    ...ownColumns.map(({ field }) => field),
    ...settings.map(({ field }) => field),
    ...keys.flatMap((key) => summaryColumns.map((name) => summaryField(key, name))),
  ];
  async function* batches(): AsyncGenerator<ExportBatch> {
    const rows = Math.max(16, Math.min(1_000, Math.floor(cellsAtOnce / fields.length)));
    for (let start = 0; start < selected.length; start += rows) {
      const runs = await readRuns(context, selected.slice(start, start + rows));
      await context.metrics.ingest.summariesWritten();
      const summaries = keys.length > 0 ? await readSummaries(context.pool, runs.map(toRead), keys) : [];
      const byRun = new Map(summaries.map((summary) => [`${summary.runId} ${summary.key}`, summary]));
      const flat = runs.map((run) => flatConfig(run.config));
      const columns = [
        ...ownColumns.map(({ cellOf }) => runs.map(cellOf)),
        ...settings.map(({ cellOf }) => flat.map(cellOf)),
        ...keys.flatMap((key) => {
          const found = runs.map((run) => byRun.get(`${run.id} ${key}`));
          return summaryColumns.map((name) => found.map((summary) => (summary ? summaryValues[name](summary) : null)));
        }),
      ];
      yield { length: runs.length, columns };
    }
  }
  return { fields, batches: batches() };
}

function summaryField(key: string, name: (typeof summaryColumns)[number]): ExportField {
  const isWhole = name === "count" || name === "lastStep" || name === "bestStep";
  return { name: `metric.${key}.${name}`, type: isWhole ? "integer" : "number" };
}

/** The runs as they are now, in the given order; the viewer was allowed to see them when they were selected. Those deleted since are left out. */
async function readRuns(context: Context, selected: Selected[]): Promise<Run[]> {
  const ids = selected.map(({ id }) => id);
  const distKeys = [...new Set(selected.map(({ distKey }) => distKey))];
  const runs = await context.db.getRepository(Run).findBy({ distKey: In(distKeys), id: In(ids) });
  const grant = shareGrant(context.viewer);
  const byId = new Map(runs.map((run) => [run.id, grant ? grant.present(run) : run]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function tooManyColumns(columns: number): AppError {
  return new AppError(
    "TOO_LARGE",
    `These runs have so many settings and metrics that the table would have ${columns} columns; ${limits.columns} are served. Name the metrics with key=…, or choose fewer runs.`,
    { field: "key", limit: limits.columns },
  );
}
