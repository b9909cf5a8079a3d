import { type DataSource, In } from "typeorm";
import { checkPageSize, decodeCursor, type Page, pageOf } from "../../page.js";
import { Run } from "./run.entity.js";
import type { RunFilterInput, RunOrder } from "./run.input.js";

/** Which runs: those of a project or of an experiment, and of these the ones that pass the filter. */
export interface RunSelection {
  projectId: string;
  filter: RunFilterInput;
  /** Only these can show; null: all. For frozen share links. */
  among: readonly string[] | null;
}

/** A column of an order: as it is sorted (so that an index serves), as the cursor holds it, and how the cursor's value is compared. */
interface OrderColumn {
  sql: string;
  key: string;
  bound(place: string): string;
}

const createdAt: OrderColumn = {
  sql: "run.created_at",
  key: "(extract(epoch FROM run.created_at) * 1000)::bigint",
  bound: (place) => `to_timestamp(${place}::float8 / 1000)::timestamptz(3)`,
};
const id: OrderColumn = { sql: "run.id", key: "run.id", bound: (place) => `${place}::text` };
const name: OrderColumn = { sql: "lower(run.name)", key: "lower(run.name)", bound: (place) => `${place}::text` };
// Runs without one come last; no accuracy is below 0.
const accuracy: OrderColumn = {
  sql: "coalesce(series.best, -1)",
  key: "coalesce(series.best, -1)",
  bound: (place) => `${place}::float8`,
};

/** The columns of each order, the most significant first; together unique, and all in one direction. */
const orderings: Record<RunOrder, { columns: OrderColumn[]; descending: boolean }> = {
  CREATED_DESC: { columns: [createdAt, id], descending: true },
  CREATED_ASC: { columns: [createdAt, id], descending: false },
  NAME_ASC: { columns: [name, id], descending: false },
  BEST_VAL_ACCURACY_DESC: { columns: [accuracy, id], descending: true },
};

/**
 * A page of runs and the number of all that match, in three statements whatever the number of runs. The cursor holds the
 * sort key of the last row, so that runs which are added meanwhile shift nothing.
 */
export async function listRuns(
  db: DataSource,
  selection: RunSelection,
  order: RunOrder,
  first: number,
  after?: string | null,
): Promise<Page<Run> & { totalCount: number }> {
  checkPageSize(first);
  const { columns, descending } = orderings[order];
  const where = matching(selection);
  const [{ count }] = await db.query(`SELECT count(*)::int AS count FROM run WHERE ${where.sql}`, where.values);

  const values = [...where.values];
  const place = (value: unknown) => `$${values.push(value)}`;
  const list = (of: (column: OrderColumn, i: number) => string) => columns.map(of).join(", ");
  const cursor = after ? decodeCursor(after, columns.length) : null;
  const beyond =
    cursor &&
    `AND (${list(({ sql }) => sql)}) ${descending ? "<" : ">"} (${list(({ bound }, i) => bound(place(cursor[i])))})`;
  const keys: { id: string; key: unknown[] }[] = await db.query(
    `SELECT run.id, json_build_array(${list(({ key }) => key)}) AS key
     FROM run ${order === "BEST_VAL_ACCURACY_DESC" ? seriesJoin : ""}
     WHERE ${where.sql} ${beyond ?? ""}
     ORDER BY ${list(({ sql }) => `${sql} ${descending ? "DESC" : "ASC"}`)}
     LIMIT ${place(first + 1)}`,
    values,
  );
  const page = pageOf(keys, first, ({ key }) => key);
  const runs = await db.getRepository(Run).findBy({ id: In(page.nodes.map((row) => row.id)) });
  const byId = new Map(runs.map((run) => [run.id, run]));
  return { ...page, nodes: page.nodes.flatMap((row) => byId.get(row.id) ?? []), totalCount: count };
}

const seriesJoin = `LEFT JOIN metric_series series
  ON series.dist_key = run.dist_key AND series.run_id = run.id AND series.key = 'val/accuracy'`;

/** Names and tags are stored in this form. */
const stored = (text: string): string => text.normalize("NFC");

function matching({ projectId, filter, among }: RunSelection): { sql: string; values: unknown[] } {
  const values: unknown[] = [projectId];
  const conditions = ["run.project_id = $1", `run.trashed_at IS ${filter.trashed ? "NOT NULL" : "NULL"}`];
  const add = (condition: (place: string) => string, value: unknown) => {
    conditions.push(condition(`$${values.push(value)}`));
  };
  if (filter.experiment) add((place) => `run.experiment_id = ${place}`, filter.experiment);
  if (filter.statuses) add((place) => `run.status = ANY(${place})`, filter.statuses);
  if (filter.architectures) add((place) => `run.architecture = ANY(${place})`, filter.architectures);
  if (filter.tags) add((place) => `run.tags @> ${place}`, filter.tags.map(stored));
  // strpos instead of LIKE: % and _ of a name mean themselves.
  if (filter.nameContains) add((place) => `strpos(lower(run.name), lower(${place})) > 0`, stored(filter.nameContains));
  if (among) add((place) => `run.id = ANY(${place})`, among);
  return { sql: conditions.join(" AND "), values };
}
