import type { Pool } from "pg";
import type { RunToRead } from "../metric/read-parts.js";
import { type ReadSeries, readSeries } from "../metric/read-series.js";
import { batchRows, type ExportBatch, type ExportField, type ExportTable } from "./export-table.js";
import { planReadings, type Reading } from "./read-plan.js";
import { seriesSizes } from "./series-sizes.js";
import { type StepRange, seriesWindows } from "./series-windows.js";

/** A run to export; `upTo`: the last arrival that is in the export. */
export type ExportedRun = RunToRead & { readonly name: string; readonly upTo: number };

/** Which points of a series, as `SeriesRequest` has them. */
export type PointChoice = StepRange & { readonly attempt: number | null; readonly keepAll: boolean };

/** Which series: those named, or all that there are (null), and of them those that the viewer is shown (null: all). */
export type KeyChoice = {
  readonly keys: readonly string[] | null;
  readonly showsKey: ((key: string) => boolean) | null;
};

/** Points that are in memory at once, give or take a chunk: some 10 MB with what decoding needs. */
const pointsAtOnce = 131_072;

/** Runs whose list of series is in memory at once. */
const runsAtOnce = 500;

/**
 * The points of many series in long form, a row a point: run (its id), name (of the run), key, step, time, value. In the order of `runs`,
 * then by key, then by step. The same arguments give the same rows in the same batches, whatever arrives or is compacted
 * meanwhile.
 */
export async function seriesTable(
  pool: Pool,
  runs: readonly ExportedRun[],
  wanted: KeyChoice,
  choice: PointChoice,
): Promise<ExportTable> {
  const labels = await keysOf(pool, runs, wanted);
  const fields: ExportField[] = [
    { name: "run", type: "label", labels: runs.map((run) => run.id) },
    { name: "name", type: "label", labels: runs.map((run) => run.name) },
    { name: "key", type: "label", labels },
    { name: "step", type: "integer" },
    { name: "time", type: "time" },
    { name: "value", type: "number" },
  ];
  return {
    fields,
    batches: batchesOf(readAll(pool, runs, wanted.showsKey ? labels : wanted.keys, choice), runs, labels),
  };
}

async function keysOf(pool: Pool, runs: readonly ExportedRun[], { keys, showsKey }: KeyChoice): Promise<string[]> {
  if (keys) return [...new Set(keys)].filter((key) => showsKey?.(key) ?? true).sort();
  const found = new Set<string>();
  for (const some of slices(runs, runsAtOnce))
    for (const series of (await seriesSizes(pool, some, null)).values()) for (const { key } of series) found.add(key);
  return [...found].filter((key) => showsKey?.(key) ?? true).sort();
}

async function* readAll(
  pool: Pool,
  runs: readonly ExportedRun[],
  keys: readonly string[] | null,
  choice: PointChoice,
): AsyncGenerator<ReadSeries> {
  for (const some of slices(runs, runsAtOnce))
    for (const reading of planReadings(some, await seriesSizes(pool, some, keys), pointsAtOnce))
      for (const window of await windowsOf(pool, reading, choice)) {
        const read = await readSeries(pool, { ...copied(reading), ...choice, ...window, maxPoints: null });
        const place = new Map(reading.runs.map((run, i) => [run.id, i]));
        read.sort((a, b) => place.get(a.runId)! - place.get(b.runId)! || (a.key < b.key ? -1 : 1));
        yield* read;
      }
}

function copied({ runs, keys }: Reading): { runs: RunToRead[]; keys: string[] } {
  return { runs: [...runs], keys: [...keys] };
}

async function windowsOf(pool: Pool, { runs, keys, isLong }: Reading, choice: PointChoice): Promise<StepRange[]> {
  return isLong
    ? seriesWindows(pool, runs[0]!, keys[0]!, choice, pointsAtOnce)
    : [{ from: choice.from, to: choice.to }];
}

/** Cuts what was read into batches of equal length: where they end must not depend on how it was read. */
async function* batchesOf(
  series: AsyncIterable<ReadSeries>,
  runs: readonly ExportedRun[],
  keys: readonly string[],
): AsyncGenerator<ExportBatch> {
  const runPlace = new Map(runs.map((run, i) => [run.id, i]));
  const keyPlace = new Map(keys.map((key, i) => [key, i]));
  let rows = emptyRows();
  for await (const { runId, key, steps, times, values } of series) {
    for (let from = 0; from < steps.length; ) {
      const to = Math.min(steps.length, from + batchRows - rows.length);
      const { length } = rows;
      rows.run.fill(runPlace.get(runId)!, length, length + to - from);
      rows.key.fill(keyPlace.get(key)!, length, length + to - from);
      rows.step.set(steps.subarray(from, to), length);
      rows.time.set(times.subarray(from, to), length);
      rows.value.set(values.subarray(from, to), length);
      rows.length += to - from;
      from = to;
      if (rows.length === batchRows) {
        yield toBatch(rows);
        rows = emptyRows();
      }
    }
  }
  if (rows.length > 0) yield toBatch(rows);
}

type Rows = {
  length: number;
  readonly run: Int32Array;
  readonly key: Int32Array;
  readonly step: Float64Array;
  readonly time: Float64Array;
  readonly value: Float64Array;
};

function emptyRows(): Rows {
  return {
    length: 0,
    run: new Int32Array(batchRows),
    key: new Int32Array(batchRows),
    step: new Float64Array(batchRows),
    time: new Float64Array(batchRows),
    value: new Float64Array(batchRows),
  };
}

/** The name of a run stands at the same place of its list as the id. */
function toBatch({ length, run, key, step, time, value }: Rows): ExportBatch {
  const columns = [run, run, key, step, time, value].map((column) => column.subarray(0, length));
  return { length, columns };
}

function* slices<T>(items: readonly T[], length: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += length) yield items.slice(start, start + length);
}
