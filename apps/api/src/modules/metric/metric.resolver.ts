import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root, Subscription } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { badInput } from "../../errors.js";
import { shareGrant } from "../../viewer.js";
import { checkMeasurer } from "../job/own-job.js";
import { checkRunIds } from "../run/check-run-ids.js";
import { Run } from "../run/run.entity.js";
import { loadRuns } from "../run/run.loader.js";
import { loadRunToLog } from "../run/runs-to-log.js";
import { loadRunsToRead } from "./load-runs-to-read.js";
import { logMetrics } from "./log-metrics.js";
import { checkSeriesSize, MetricSeriesArgs } from "./metric.input.js";
import { seriesOfRun, summariesOfRun, summaryOfKey, toRead } from "./metric.loader.js";
import {
  Integrity,
  LogMetricsInput,
  LogReceipt,
  MetricPoint,
  MetricSummary,
  MetricUpdate,
  Series,
} from "./metric.type.js";
import type { FeedUpdate } from "./metric-feed.js";
import { readChanged } from "./read-changed.js";
import { readIntegrity } from "./read-integrity.js";
import type { ReadSeries } from "./read-series.js";
import { etagOfSeries, seriesVersion } from "./series-etag.js";
import { shownUpdates } from "./shown-updates.js";

/** Runs in one chart: their pyramids are read in a quarter of a second. */
const MAX_COMPARED_RUNS = 10_000;

@Resolver()
export class MetricResolver {
  @Allow("READ", "SHARED")
  @Query(() => [Series])
  async metricSeries(@Args(() => MetricSeriesArgs) args: MetricSeriesArgs, @Ctx() context: Context): Promise<Series[]> {
    const { keys, maxPoints } = args;
    checkRunIds(args.runs, MAX_COMPARED_RUNS);
    checkSeriesSize(context, args.runs.length, keys, maxPoints);
    const request = {
      runs: await loadRunsToRead(context, args.runs),
      keys: shownKeys(context, keys),
      from: args.from ?? null,
      to: args.to ?? null,
      maxPoints,
      attempt: args.attempt ?? null,
      keepAll: args.keep === "ALL",
    };
    const { changed, known } = await readChanged(context.pool, request, args.have ?? []);
    return [...known.map(unchanged), ...changed.map((one) => toSeries(one, versionOf(request, one)))];
  }

  @Allow("READ", "SHARED")
  @Query(() => String, {
    description:
      "Where the metrics of these runs stand now, for metricUpdates. Ask for it before the history: what is stored in between then comes twice rather than never. Runs that `after` knows keep its position.",
  })
  async metricCursor(
    @Arg("runs", () => [ID]) runs: string[],
    @Arg("after", () => String, { nullable: true }) after: string | null,
    @Ctx() context: Context,
  ): Promise<string> {
    checkRunIds(runs);
    return context.feed.standing((await loadRuns(context, runs)).map(toRead), after ?? null);
  }

  @Allow("LOG", "WORK", "MANAGE")
  @Mutation(() => LogReceipt)
  async logMetrics(
    @Arg("input", () => LogMetricsInput) input: LogMetricsInput,
    @Ctx() context: Context,
  ): Promise<LogReceipt> {
    const run = await loadRunToLog(context, input.run);
    await checkMeasurer(context, run, input.leaseGeneration);
    return logMetrics(context, run, input);
  }

  @Allow("READ", "SHARED")
  @Subscription(() => MetricUpdate, {
    description:
      'From a cursor on: replays what was missed, then follows. Bounded per subscriber; a slow one receives fewer, larger updates, at most 20 a second of each run. Without a cursor from now on; after "0" from the first point on. maxPoints: rows of a series in one update; where more points came it is thinned to rows with min, max and last value (exact: false). Without it every point is sent.',
    subscribe: async ({ args, context }: { args: UpdateArgs; context: Context }) => {
      checkRunIds(args.runs);
      checkSeriesSize(context, 1, args.keys ?? [], args.maxPoints ?? 2);
      const runs = await loadRuns(context, args.runs);
      const { keys = null, after = null, maxPoints = null } = args;
      const updates = await context.feed.follow({ runs: runs.map(toRead), keys, after, maxPoints });
      const grant = shareGrant(context.viewer);
      return grant?.isAnonymous ? shownUpdates(updates, grant) : updates;
    },
  })
  metricUpdates(
    @Root() update: FeedUpdate,
    @Arg("runs", () => [ID]) _runs: string[],
    @Arg("keys", () => [String], { nullable: true }) _keys: string[] | null,
    @Arg("after", () => String, { nullable: true }) _after: string | null,
    @Arg("maxPoints", () => Int, { nullable: true }) _maxPoints: number | null,
  ): MetricUpdate {
    const { runId, series, ...rest } = update;
    return { run: runId, series: series.map((one) => toSeries({ runId, ...one }, null)), ...rest };
  }
}

/** A link without names has no series that are called after somebody, not even for who guesses the name. */
function shownKeys({ viewer }: Context, keys: string[]): string[] {
  const grant = shareGrant(viewer);
  return grant ? keys.filter((key) => grant.showsKey(key)) : keys;
}

type UpdateArgs = { runs: string[]; keys?: string[] | null; after?: string | null; maxPoints?: number | null };

function toSeries(one: Omit<ReadSeries, "arrivals">, version: (() => string) | null): Series {
  const { runId, key, count, exact, steps, times, values, min, max } = one;
  return {
    run: runId,
    key,
    count,
    exact,
    unchanged: false,
    step: steps,
    time: times,
    value: values,
    min,
    max,
    version,
  };
}

function versionOf(asked: Parameters<typeof seriesVersion>[0], { runId, key, arrivals }: ReadSeries): () => string {
  return () => seriesVersion(asked, runId, key, arrivals);
}

function unchanged({ runId, key, count, exact }: Pick<ReadSeries, "runId" | "key" | "count" | "exact">): Series {
  const none = new Float64Array(0);
  const columns = { step: none, time: none, value: none, min: null, max: null };
  return { run: runId, key, count, exact, unchanged: true, ...columns, version: null };
}

@Resolver(() => Series)
export class SeriesResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      "For `have`, when the series is asked for again with the same arguments. Null where it is unchanged, and in updates.",
  })
  etag(@Root() series: Series): string | null {
    return etagOfSeries(series);
  }

  /** The same rows as objects, for small requests: each costs as much as hundreds in a column. */
  @FieldResolver(() => [MetricPoint])
  points(@Root() { step, time, value }: Series): MetricPoint[] {
    if (step.length > 10_000)
      throw badInput(
        "maxPoints",
        "points has at most 10,000 rows. Read the columns step and value instead.",
        [2, 10_000],
      );
    return Array.from(step, (s, i) => ({ step: s, time: new Date(time[i]!), value: value[i]! }));
  }
}

@Resolver(() => Run)
export class RunMetricResolver {
  @FieldResolver(() => MetricSummary, { nullable: true })
  metric(
    @Root() run: Run,
    @Arg("key", () => String) key: string,
    @Ctx() context: Context,
  ): Promise<MetricSummary | null> | null {
    return shownKeys(context, [key]).length === 0 ? null : context.load(summaryOfKey).load({ run, key });
  }

  @FieldResolver(() => [MetricSummary])
  metrics(@Root() run: Run, @Ctx() context: Context): Promise<MetricSummary[]> {
    return context.load(summariesOfRun).load(run);
  }

  @FieldResolver(() => [Series])
  async series(
    @Root() run: Run,
    @Arg("keys", () => [String]) keys: string[],
    @Arg("maxPoints", () => Int, { defaultValue: 1000 }) maxPoints: number,
    @Ctx() context: Context,
  ): Promise<Series[]> {
    checkSeriesSize(context, 1, keys, maxPoints);
    const asked = { from: null, to: null, maxPoints };
    const series = await context.load(seriesOfRun).load({ run, keys: shownKeys(context, keys), maxPoints });
    return series.map((one) => toSeries(one, versionOf(asked, one)));
  }

  @FieldResolver(() => Integrity)
  integrity(@Root() run: Run, @Ctx() { pool }: Context): Promise<Integrity> {
    // It counts what is stored now, whatever moment of the run is shown.
    return readIntegrity(pool, { ...toRead(run), upTo: null });
  }
}
