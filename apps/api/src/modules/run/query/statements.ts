import { type Candidates, candidatesOf } from "./candidates-sql.js";
import { conditionSql, type QueryScope } from "./condition-sql.js";
import { beyondSql, boundSql, keySql, orderSql } from "./page-sql.js";
import type { RunCursor } from "./run-cursor.js";
import type { RunList } from "./run-list.js";
import { type Segment, type SortColumn, segmentsOf } from "./segments.js";
import { SqlValues } from "./sql-values.js";

type Statement = { text: string; values: unknown[] };

/**
 * The statements that answer for one list, with all columns of a run: a second statement for them took as long as the page. A page can be come at in three ways: by looking through a first part of the list, by looking
 * through the runs that an index finds for one of the conditions, and through the whole list.
 */
export class RunListStatements {
  readonly segments: readonly Segment[];
  readonly candidates: readonly Candidates[];
  private readonly values = new SqlValues();
  private readonly distKey: string;
  /** What makes a run one of the list, and what makes it one of the answers. */
  private readonly listed: string;
  private readonly condition: string;
  /** Whether every run of the list is an answer. */
  readonly isUnfiltered: boolean;
  /** Whether a condition has to look up a metric for each run: then looking through a list costs ten times as much. */
  readonly looksUp: boolean;

  private readonly scope: QueryScope;

  constructor(
    private readonly list: RunList,
    now: number,
  ) {
    const { values } = this;
    const scope = { distKey: list.distKey, now };
    this.scope = scope;
    this.distKey = values.add(list.distKey, "bigint");
    this.segments = segmentsOf(list.order, values, scope);
    this.candidates = list.query && !list.isTrash ? candidatesOf(list.query, values, scope) : [];
    this.listed = [
      // What went to the trash with its experiment comes back with it, and is no entry of its own. A frozen link shows its runs whatever became of them.
      ...(list.among === null
        ? [list.isTrash ? "run.trashed_at IS NOT NULL AND NOT run.trashed_with_experiment" : "run.trashed_at IS NULL"]
        : []),
      ...(list.experimentId === null ? [] : [`run.experiment_id = ${values.add(list.experimentId, "text")}`]),
      ...(list.among === null ? [] : [`run.id = ANY(${values.add(list.among, "text[]")})`]),
    ].join(" AND ");
    this.condition =
      list.query === null ? this.listed : `${this.listed} AND ${conditionSql(list.query, values, scope)}`;
    this.isUnfiltered = list.query === null;
    this.looksUp = /metric_series/.test(this.condition);
  }

  /** The first `count` of a segment that match, looking through its first `within` runs only; null: through all. */
  page(segment: Segment, key: RunCursor["key"] | null, count: number, within: number | null): Statement {
    const { walk } = segment;
    const limit = this.values.add(count, "bigint");
    if (within === null && !walk) {
      const { columns } = segment;
      return this.values.bind(
        `SELECT run.*, ${keySql(columns)} AS key FROM run WHERE ${this.inSegment(segment, key)} AND ${this.condition}
         ORDER BY ${orderSql(columns)} LIMIT ${limit}`,
      );
    }
    const columns = walk ? walkColumns(segment) : segment.columns;
    const part = this.part(segment, key, within);
    const from = walk
      ? `(${part}) w CROSS JOIN LATERAL (SELECT run.* FROM run WHERE run.dist_key = ${this.distKey} AND run.id = w.id AND ${this.condition} OFFSET 0) run`
      : `(${part}) run`;
    const conditions = [
      ...(walk && key ? [beyondSql(columns, key, this.values)] : []),
      ...(walk ? [] : [this.condition]),
    ].join(" AND ");
    return this.values.bind(
      `SELECT run.*, ${keySql(columns)} AS key FROM ${from} ${conditions && `WHERE ${conditions}`} ORDER BY ${orderSql(columns)} LIMIT ${limit}`,
    );
  }

  /** Of a segment, whether it goes on behind its first `within` runs (`more`); of each list of candidates, its length up to `atMost` (`c0`, `c1` …). */
  survey(segment: Segment, key: RunCursor["key"] | null, within: number, atMost: number): Statement {
    const counts = this.candidates.map(
      ({ from }, i) =>
        `(SELECT count(*) FROM (SELECT FROM ${from} LIMIT ${this.values.add(atMost, "bigint")}) c) AS c${i}`,
    );
    const more = `EXISTS (SELECT FROM (${this.part(segment, key, null)} OFFSET ${this.values.add(within, "bigint")} LIMIT 1) m) AS more`;
    return this.values.bind(`SELECT ${[more, ...counts].join(", ")}`);
  }

  /** The first `count` of a segment that match, among the candidates. */
  pageOfCandidates(segment: Segment, key: RunCursor["key"] | null, count: number, candidates: Candidates): Statement {
    const { columns } = segment;
    const isSorted = columns.length === 1;
    const sorted = isSorted ? [{ ...columns[0]!, sql: "c.id" }] : columns;
    const beyond =
      isSorted && key
        ? ` AND ${candidates.id} ${direction(columns) === "DESC" ? "<" : ">"} ${boundSql(columns[0]!, key[0]!, this.values)}`
        : "";
    const conditions = [
      this.inSegment(segment, isSorted ? null : key),
      ...(segment.walk ? [`${columns[0]!.sql} IS NOT NULL`] : []),
      this.conditionAmong(candidates),
    ].join(" AND ");
    return this.values.bind(
      `SELECT run.*, ${keySql(columns)} AS key
       FROM (SELECT ${candidates.id} AS id FROM ${candidates.from}${beyond} ${isSorted ? `ORDER BY ${candidates.id} ${direction(columns)}` : ""}) c
       CROSS JOIN LATERAL (SELECT run.* FROM run WHERE run.id = c.id AND ${conditions} OFFSET 0) run
       ORDER BY ${orderSql(sorted)} LIMIT ${this.values.add(count, "bigint")}`,
    );
  }

  /** How many match, up to `atMost`; among the candidates where some are given. */
  count(candidates: Candidates | null, atMost: number): Statement {
    const own = `run.dist_key = ${this.distKey} AND ${candidates ? this.conditionAmong(candidates) : this.condition}`;
    const from = candidates
      ? `(SELECT ${candidates.id} AS id FROM ${candidates.from}) c CROSS JOIN LATERAL (SELECT FROM run WHERE run.id = c.id AND ${own} OFFSET 0) run`
      : `run WHERE ${own}`;
    return this.values.bind(
      `SELECT count(*)::int AS count FROM (SELECT FROM ${from} LIMIT ${this.values.add(atMost, "bigint")}) c`,
    );
  }

  /** What candidates must still meet: all but what made them candidates. */
  private conditionAmong({ isExact, term }: Candidates): string {
    const { query } = this.list;
    if (!isExact || query === null) return this.condition;
    const others = query.kind === "and" ? query.terms.filter((other) => other !== term) : [];
    return [this.listed, ...others.map((other) => conditionSql(other, this.values, this.scope))].join(" AND ");
  }

  private inSegment({ condition, columns }: Segment, key: RunCursor["key"] | null): string {
    return [
      `run.dist_key = ${this.distKey}`,
      ...(condition === null ? [] : [condition]),
      ...(key === null ? [] : [beyondSql(columns, key, this.values)]),
    ].join(" AND ");
  }

  /** The first `within` runs of a segment in its order, whether they match or not. */
  private part(segment: Segment, key: RunCursor["key"] | null, within: number | null): string {
    const limit = within === null ? "" : `LIMIT ${this.values.add(within, "bigint")}`;
    const { walk, columns } = segment;
    if (!walk)
      return `SELECT run.* FROM run WHERE ${this.inSegment(segment, key)} AND ${this.listed} ORDER BY ${orderSql(columns)} ${limit}`;
    const far =
      key === null
        ? ""
        : ` AND ${walk.value} ${columns[0]!.isDescending ? "<=" : ">="} ${boundSql(columns[0]!, key[0]!, this.values)}`;
    return `SELECT ${walk.id} AS id, ${walk.value} AS value FROM ${walk.from}${far}
            ORDER BY ${walk.value} ${direction(columns)}, ${walk.id} ${direction(columns)} ${limit}`;
  }
}

const direction = (columns: readonly SortColumn[]): string => (columns[0]!.isDescending ? "DESC" : "ASC");

/** The segment's columns as its walk lists them, so that Postgres sees that they are in order already. */
function walkColumns({ columns }: Segment): SortColumn[] {
  return columns.map((column, i) => {
    if (i === 0) return { ...column, sql: "w.value" };
    return column.sql === "run.id" ? { ...column, sql: "w.id" } : column;
  });
}
