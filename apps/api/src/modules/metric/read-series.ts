import type { ClientBase, Pool } from "pg";
import { CHUNK_POINTS } from "./chunk-codec.js";
import { pyramidBuckets } from "./pyramid.js";
import { type ChunkRange, readChunks, readRollups } from "./read-chunks.js";
import { type RunParts, type RunToRead, readParts } from "./read-parts.js";
import { type Cover, SeriesPlan } from "./series-plan.js";
import { ROLLUP_CHUNKS } from "./store-chunks.js";
import { summaryAt } from "./summary.js";
import type { SeriesColumns } from "./thin-series.js";

/**
 * keys null: all. from and to: steps, inclusive. maxPoints null: every point, however many. attempt: the run as lease generation `attempt` left
 * it, before later ones took over; null: as it stands. keepAll: points that were replaced or superseded too, those of one step in order of
 * arrival.
 */
export type SeriesRequest = {
  runs: readonly RunToRead[];
  keys: string[] | null;
  from: number | null;
  to: number | null;
  maxPoints: number | null;
  attempt?: number | null;
  keepAll?: boolean;
};

/** count: points in the range; exact: all of them are in the columns; arrivals: the last one of the run that may be shown. */
export type ReadSeries = SeriesColumns & {
  runId: string;
  key: string;
  count: number;
  exact: boolean;
  arrivals: number;
};

/**
 * Points that one request decodes beyond twice the rows that it asks for: some 60 ms of one series, 300 of a thousand short ones. Above, summaries
 * take their place.
 */
const POINTS_TO_THIN = 750_000;

/**
 * Series that are read and decoded at once. What is decoded then dies young, which is what the garbage collector does best, other requests get their
 * turn in between, and Postgres reads on meanwhile.
 */
const SERIES_AT_ONCE = 256;

/**
 * Series of many runs, columnar, by ascending step. Points that a later lease generation superseded are left out; of points at one step the
 * one that arrived last stays. A run without a point of a key gives no series for it. Each series has at most maxPoints rows. Where its points
 * are many, they are thinned from the summaries of chunks, or of the series' pyramid: every bucket then still has the extremes of all its points.
 * Throws DAMAGED where what is stored is not what was written.
 */
export async function readSeries(db: Pool | ClientBase, request: SeriesRequest): Promise<ReadSeries[]> {
  const groups = new Map<number, RunToRead[]>();
  for (const run of request.runs) {
    const others = groups.get(run.distKey);
    if (others) others.push(run);
    else groups.set(run.distKey, [run]);
  }
  const found: ReadSeries[] = [];
  for (const [distKey, runs] of groups) found.push(...(await readGroup(db, distKey, runs, request)));
  return found;
}

async function readGroup(
  db: Pool | ClientBase,
  distKey: number,
  runs: RunToRead[],
  request: SeriesRequest,
): Promise<ReadSeries[]> {
  const { keys, maxPoints } = request;
  const level = maxPoints === null ? "none" : maxPoints <= pyramidBuckets.coarse ? "coarse" : "fine";
  const atOnce = Math.ceil(SERIES_AT_ONCE / (keys?.length || 1));
  const begin = (from: number) => {
    const some = runs.slice(from, from + atOnce);
    const parts = some.length > 0 ? readParts(db, distKey, some, keys, level) : null;
    // Awaited in its turn, unless the one before it fails.
    parts?.catch(() => {});
    return { some, parts };
  };
  const found: ReadSeries[] = [];
  let next = begin(0);
  for (let from = atOnce; next.parts; from += atOnce) {
    const { some } = next;
    const parts = await next.parts;
    next = begin(from);
    found.push(...(await readSome(db, distKey, some, parts, request, some.length / runs.length)));
  }
  return found;
}

/** `share`: how much of the request this is, and of its budget. */
async function readSome(
  db: Pool | ClientBase,
  distKey: number,
  runs: RunToRead[],
  parts: Map<string, RunParts>,
  request: SeriesRequest,
  share: number,
): Promise<ReadSeries[]> {
  const { maxPoints } = request;
  const plans = runs.flatMap((run) => {
    const { takeovers, series } = parts.get(run.id)!;
    return [...series].map(([key, found]) => new SeriesPlan(run, key, takeovers, found, request));
  });
  chooseCover(plans, maxPoints, share * POINTS_TO_THIN);
  await readSummaries(db, distKey, plans, maxPoints ?? 0);
  await readPoints(db, distKey, plans);
  return plans.flatMap((plan) => {
    const columns = plan.assemble(maxPoints);
    const { id, upTo } = plan.run;
    const arrivals = Math.min(parts.get(id)!.arrivals, upTo ?? Number.POSITIVE_INFINITY);
    return columns ? [{ runId: id, key: plan.key, arrivals, ...columns }] : [];
  });
}

/** Decides for each series what its chart is made of, by how many points would have to be decoded for it. */
function chooseCover(plans: SeriesPlan[], maxPoints: number | null, pointsToThin: number): void {
  if (maxPoints === null) {
    for (const plan of plans) plan.cover = "points";
    return;
  }
  const chosen = (plan: SeriesPlan): Cover => {
    if (plan.mostPoints <= maxPoints) return "points";
    if (plan.hasPyramid && maxPoints <= pyramidBuckets.coarse) return "pyramid";
    // With half as many chunks as rows wanted, their summaries do for the chart.
    return plan.mostPoints <= (maxPoints / 2) * CHUNK_POINTS ? "points" : "summaries";
  };
  let toDecode = 0;
  for (const plan of plans) {
    plan.cover = chosen(plan);
    if (plan.cover === "points" && plan.mostPoints > maxPoints) toDecode += plan.mostPoints;
  }
  if (toDecode <= Math.max(pointsToThin, 2 * maxPoints * plans.length)) return;
  for (const plan of plans)
    if (plan.cover === "points" && plan.mostPoints > maxPoints) plan.cover = plan.hasPyramid ? "pyramid" : "summaries";
}

/** The chunks' summaries, from rollups as far as there are any; of very many chunks the rollups' own have to do. */
async function readSummaries(
  db: Pool | ClientBase,
  distKey: number,
  plans: SeriesPlan[],
  maxPoints: number,
): Promise<void> {
  const rolled: { plan: SeriesPlan; range: ChunkRange }[] = [];
  const single: { plan: SeriesPlan; range: ChunkRange }[] = [];
  for (const plan of plans.filter(({ cover }) => cover === "summaries"))
    for (const { span, range } of plan.ranges()) {
      const rollups = Math.floor(span.chunks / ROLLUP_CHUNKS);
      const withData = rollups < maxPoints;
      if (rollups > 0) rolled.push({ plan, range: { ...range, toNo: rollups, withData } });
      if (span.chunks > rollups * ROLLUP_CHUNKS)
        single.push({ plan, range: { ...range, fromNo: rollups * ROLLUP_CHUNKS, withData: false } });
    }
  const planOf = new Map([...rolled, ...single].map(({ plan, range }) => [range, plan]));
  const rollups = await readRollups(
    db,
    distKey,
    rolled.map(({ range }) => range),
  );
  for (const { range, no, summary, summaries } of rollups) {
    const plan = planOf.get(range)!;
    const first = no * ROLLUP_CHUNKS;
    if (!summaries) plan.addSummary(range.generation, first, first + ROLLUP_CHUNKS, summary);
    else {
      const each = summaries();
      for (let i = 0; i < ROLLUP_CHUNKS; i++)
        plan.addSummary(range.generation, first + i, first + i + 1, summaryAt(each, i));
    }
  }
  const chunks = await readChunks(
    db,
    distKey,
    single.map(({ range }) => range),
  );
  for (const { range, no, summary } of chunks) planOf.get(range)!.addSummary(range.generation, no, no + 1, summary);
}

/** The points of all chunks that have to be decoded. */
async function readPoints(db: Pool | ClientBase, distKey: number, plans: SeriesPlan[]): Promise<void> {
  const planOf = new Map<ChunkRange, SeriesPlan>();
  for (const plan of plans) for (const range of plan.rangesToDecode()) planOf.set(range, plan);
  for (const { range, decode } of await readChunks(db, distKey, [...planOf.keys()]))
    planOf.get(range)!.addPoints(range.generation, decode!());
}
