import DataLoader from "dataloader";
import type { Context } from "../../context.js";
import { shareGrant } from "../../viewer.js";
import type { Run } from "../run/run.entity.js";
import type { MetricSummary } from "./metric.type.js";
import type { RunToRead } from "./read-parts.js";
import { type ReadSeries, readSeries } from "./read-series.js";
import { type RunSummary, readSummaries } from "./read-summaries.js";

/** A run as the metric tables know it, as of the moment that is shown of it. */
export function toRead(run: Run): RunToRead {
  return { id: run.id, distKey: run.distKey, upTo: run.asOf?.arrival ?? null };
}

const runKey = (run: Run): string => `${run.id} ${run.asOf?.arrival ?? ""}`;

function toMetricSummary({ points, ...summary }: RunSummary): MetricSummary {
  return { ...summary, count: points };
}

/** All summaries of a run. */
export function summariesOfRun(context: Context): DataLoader<Run, MetricSummary[], string> {
  return new DataLoader(
    async (runs) => {
      await context.metrics.ingest.summariesWritten();
      const grant = shareGrant(context.viewer);
      const read = await readSummaries(context.pool, runs.map(toRead), null);
      const summaries = grant ? read.filter(({ key }) => grant.showsKey(key)) : read;
      return runs.map((run) => summaries.filter(({ runId }) => runId === run.id).map(toMetricSummary));
    },
    { cacheKeyFn: runKey },
  );
}

/** One summary of a run; a list of a thousand runs that shows three metrics asks once. */
export function summaryOfKey({
  pool,
  metrics,
}: Context): DataLoader<{ run: Run; key: string }, MetricSummary | null, string> {
  return new DataLoader(
    async (wanted) => {
      const runs = new Map(wanted.map(({ run }) => [runKey(run), toRead(run)]));
      await metrics.ingest.summariesWritten();
      const summaries = await readSummaries(pool, [...runs.values()], [...new Set(wanted.map(({ key }) => key))]);
      const byId = new Map(summaries.map((summary) => [`${summary.runId} ${summary.key}`, summary]));
      return wanted.map(({ run, key }) => {
        const summary = byId.get(`${run.id} ${key}`);
        return summary ? toMetricSummary(summary) : null;
      });
    },
    { cacheKeyFn: ({ run, key }) => `${runKey(run)} ${key}` },
  );
}

type SeriesKey = { run: Run; keys: string[]; maxPoints: number };

/** Series of a run; runs of which the same is asked are read together. */
export function seriesOfRun({ pool }: Context): DataLoader<SeriesKey, ReadSeries[], string> {
  const shape = ({ keys, maxPoints }: SeriesKey) => JSON.stringify([keys, maxPoints]);
  return new DataLoader(
    async (wanted) => {
      const read = new Map<string, ReadSeries[]>();
      for (const one of new Map(wanted.map((key) => [shape(key), key])).values()) {
        const runs = wanted.filter((other) => shape(other) === shape(one)).map(({ run }) => toRead(run));
        const request = { runs, keys: one.keys, from: null, to: null, maxPoints: one.maxPoints };
        read.set(shape(one), await readSeries(pool, request));
      }
      return wanted.map((key) => read.get(shape(key))!.filter(({ runId }) => runId === key.run.id));
    },
    { cacheKeyFn: (key) => `${runKey(key.run)} ${shape(key)}` },
  );
}
