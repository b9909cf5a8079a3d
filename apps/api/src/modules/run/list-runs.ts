import type pg from "pg";
import type { DataSource } from "typeorm";
import { AppError, badInput } from "../../errors.js";
import { checkPageSize, type Page, pageOf } from "../../page.js";
import type { Candidates } from "./query/candidates-sql.js";
import { listBinding, type RunCursor, runCursor } from "./query/run-cursor.js";
import type { RunList } from "./query/run-list.js";
import type { Segment } from "./query/segments.js";
import { RunListStatements } from "./query/statements.js";
import type { Run } from "./run.entity.js";
import { type RunRow, runsOfRows } from "./run-row.js";

/**
 * How many runs of the list a page looks at before it asks the indexes of the conditions. Measured: a run costs half a microsecond, five with
 * a look-up of its metrics. Tags and parts of names are worth a longer look, because their indexes name the runs but not their order.
 */
const lookThrough = { plain: 2_000, beforeTags: 8_000, withLookUps: 400 } as const;

/**
 * With more candidates than this, the whole list is as fast. In order of creation candidates are listed as the index has them, and few are
 * looked at; for any other order each is. Counting up to 30,000 took longer than the pages that it found.
 */
const mostCandidates = { inOrder: 12_000, unordered: 2_000 } as const;

const statementTimeout = "57014";

type Row = RunRow & { key: unknown[] };

/** What the list is read from: rows by pg, what a run's columns are called by TypeORM. */
export interface RunListSource {
  readonly db: DataSource;
  readonly pool: pg.Pool;
}

/**
 * A page of runs. The cursor holds the sort values of its last run and belongs to this list: runs that are added, or whose values change
 * meanwhile, shift nothing. Throws BAD_INPUT for a page size or a cursor that does not fit.
 */
export async function listRuns(
  source: RunListSource,
  list: RunList,
  first: number,
  after?: string | null,
): Promise<Page<Run>> {
  checkPageSize(first);
  const statements = new RunListStatements(list, Date.now());
  const binding = listBinding(list.distKey, list.query, list.order, list.isTrash);
  const cursor = after ? runCursor(after, binding, statements.segments) : null;
  const rows: { row: Row; segment: number }[] = [];
  for (let segment = cursor?.segment ?? 0; segment < statements.segments.length && rows.length <= first; segment++) {
    const key = segment === cursor?.segment ? cursor.key : null;
    const found = await readSegment(source.pool, statements, segment, key, first + 1 - rows.length);
    rows.push(...found.map((row) => ({ row, segment })));
  }
  const page = pageOf(rows, first, ({ row, segment }) => [binding, segment, ...row.key]);
  return {
    ...page,
    nodes: runsOfRows(
      source.db,
      page.nodes.map(({ row }) => row),
    ),
  };
}

async function readSegment(
  pool: pg.Pool,
  statements: RunListStatements,
  index: number,
  key: RunCursor["key"] | null,
  count: number,
): Promise<Row[]> {
  const segment = statements.segments[index]!;
  const read = (statement: pg.QueryConfig) => rowsOf<Row>(pool, statement);
  if (statements.isUnfiltered || segment.walk?.isWhole === false)
    return read(statements.page(segment, key, count, null));
  const within = howFar(statements, segment) + 2 * count;
  const near = await read(statements.page(segment, key, count, within));
  if (near.length === count) return near;
  const { hasMore, candidates } = await survey(pool, statements, segment, key, within);
  if (!hasMore) return near;
  return read(
    candidates
      ? statements.pageOfCandidates(segment, key, count, candidates)
      : statements.page(segment, key, count, null),
  );
}

function howFar({ looksUp, candidates }: RunListStatements, { walk, columns }: Segment): number {
  if (looksUp || walk || columns.length > 1) return lookThrough.withLookUps;
  return candidates.every(({ isCovered }) => isCovered) ? lookThrough.plain : lookThrough.beforeTags;
}

/** Whether a segment goes on behind the part that was looked through, and the shortest list of candidates if one is short enough. */
async function survey(
  pool: pg.Pool,
  statements: RunListStatements,
  segment: Segment,
  key: RunCursor["key"] | null,
  within: number,
): Promise<{ hasMore: boolean; candidates: Candidates | null }> {
  const most = segment.columns.length === 1 ? mostCandidates.inOrder : mostCandidates.unordered;
  type Surveyed = { more: boolean } & Record<`c${number}`, number>;
  const [row] = (await rowsOf<Surveyed>(pool, statements.survey(segment, key, within, most))) as [Surveyed];
  const counted = statements.candidates.map((candidates, i) => ({ candidates, count: row[`c${i}`]! }));
  counted.sort((a, b) => a.count - b.count);
  const shortest = counted[0];
  return { hasMore: row.more, candidates: shortest && shortest.count < most ? shortest.candidates : null };
}

/** Throws when `atMost` is no bound up to which runs are counted. */
export function checkCountBound(atMost: number): void {
  if (atMost >= 1 && atMost <= 100_000) return;
  throw badInput("atMost", `atMost is ${atMost}; runs are counted up to a bound of 1 to 100,000.`, [1, 100_000]);
}

/** How many runs match: exact up to `atMost`, else one more than that. */
export async function countRuns({ pool }: RunListSource, list: RunList, atMost: number): Promise<number> {
  const statements = new RunListStatements(list, Date.now());
  const { candidates } = await survey(pool, statements, statements.segments[0]!, null, 0);
  const [row] = await rowsOf<{ count: number }>(pool, statements.count(candidates, atMost + 1));
  return row!.count;
}

/** Throws TOO_LARGE where the database gave up: no index serves that filter or order, and the list is too long without. */
async function rowsOf<T extends pg.QueryResultRow>(pool: pg.Pool, statement: pg.QueryConfig): Promise<T[]> {
  try {
    return (await pool.query<T>(statement)).rows;
  } catch (error) {
    if ((error as { code?: unknown }).code !== statementTimeout) throw error;
    throw new AppError(
      "TOO_LARGE",
      "This filter and order would have to read more runs than can be read in time. Narrow the filter, or sort by the time of creation, the name, the status, a config value or the best value of a metric.",
      { field: "filter" },
    );
  }
}
