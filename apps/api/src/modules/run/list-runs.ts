import { type DataSource, In } from "typeorm";
import { checkPageSize, decodeCursor, type Page, pageOf } from "../../page.js";
import { Run } from "./run.entity.js";
import type { RunFilterInput, RunOrder } from "./run.input.js";

/** Which runs: those of a project or of an experiment, and of these the ones that pass the filter. */
export interface RunSelection {
  projectId: string;
  filter: RunFilterInput;
  /** Runs that were made later do not show; null: no limit. For frozen share links. */
  createdUntil: Date | null;
}

interface Ordering {
  /** Columns of the order, the most significant first, as SQL and with their direction; together unique. */
  columns: { sql: string; type: string; descending: boolean }[];
}

const createdAt = { sql: "extract(epoch FROM run.created_at)::float8", type: "float8" };
const id = { sql: "run.id", type: "text" };

const orderings: Record<RunOrder, Ordering> = {
  CREATED_DESC: {
    columns: [
      { ...createdAt, descending: true },
      { ...id, descending: true },
    ],
  },
  CREATED_ASC: {
    columns: [
      { ...createdAt, descending: false },
      { ...id, descending: false },
    ],
  },
  NAME_ASC: {
    columns: [
      { sql: "lower(run.name)", type: "text", descending: false },
      { ...id, descending: false },
    ],
  },
  BEST_VAL_ACCURACY_DESC: {
    columns: [
      // Runs without one come last; no accuracy is below 0.
      { sql: "coalesce(series.best, -1)", type: "float8", descending: true },
      { ...id, descending: true },
    ],
  },
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
  const { columns } = orderings[order];
  const where = matching(selection);
  const [{ count }] = await db.query(`SELECT count(*)::int AS count FROM run WHERE ${where.sql}`, where.values);

  const values = [...where.values];
  const place = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const beyond = after ? `AND ${beyondCursor(columns, decodeCursor(after, columns.length), place)}` : "";
  const joined = order === "BEST_VAL_ACCURACY_DESC";
  const keys: { id: string; key: unknown[] }[] = await db.query(
    `SELECT run.id, json_build_array(${columns.map(({ sql }) => sql).join(", ")}) AS key
     FROM run ${joined ? seriesJoin : ""}
     WHERE ${where.sql} ${beyond}
     ORDER BY ${columns.map(({ sql, descending }) => `${sql} ${descending ? "DESC" : "ASC"}`).join(", ")}
     LIMIT ${place(first + 1, "int")}`,
    values,
  );
  const page = pageOf(keys, first, ({ key }) => key);
  const runs = await db.getRepository(Run).findBy({ id: In(page.nodes.map((row) => row.id)) });
  const byId = new Map(runs.map((run) => [run.id, run]));
  return { ...page, nodes: page.nodes.flatMap((row) => byId.get(row.id) ?? []), totalCount: count };
}

const seriesJoin = `LEFT JOIN metric_series series
  ON series.dist_key = run.dist_key AND series.run_id = run.id AND series.key = 'val/accuracy'`;

function matching({ projectId, filter, createdUntil }: RunSelection): { sql: string; values: unknown[] } {
  const values: unknown[] = [projectId];
  const conditions = ["run.project_id = $1", `run.trashed_at IS ${filter.trashed ? "NOT NULL" : "NULL"}`];
  const add = (condition: (place: string) => string, value: unknown) => {
    conditions.push(condition(`$${values.push(value)}`));
  };
  if (filter.experiment) add((place) => `run.experiment_id = ${place}`, filter.experiment);
  if (filter.statuses) add((place) => `run.status = ANY(${place})`, filter.statuses);
  if (filter.architectures) add((place) => `run.architecture = ANY(${place})`, filter.architectures);
  if (filter.tags) add((place) => `run.tags @> ${place}`, filter.tags);
  // strpos instead of LIKE: % and _ of a name mean themselves.
  if (filter.nameContains) add((place) => `strpos(lower(run.name), lower(${place})) > 0`, filter.nameContains);
  if (createdUntil) add((place) => `run.created_at <= ${place}`, createdUntil);
  return { sql: conditions.join(" AND "), values };
}

/** All columns of an ordering have one direction, so a row comparison says "after the cursor". */
function beyondCursor(
  columns: Ordering["columns"],
  cursor: unknown[],
  place: (value: unknown, type: string) => string,
): string {
  const left = columns.map(({ sql }) => sql).join(", ");
  const right = columns.map(({ type }, i) => place(cursor[i], type)).join(", ");
  return `(${left}) ${columns[0]!.descending ? "<" : ">"} (${right})`;
}
