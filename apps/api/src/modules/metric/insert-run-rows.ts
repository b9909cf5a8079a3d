import type { ClientBase } from "pg";
import { insertRows } from "./insert-rows.js";

/** Keeps one statement's text and memory within reason. */
const ROWS_A_STATEMENT = 256;

/** Inserts rows of one run into `table`, in as few statements as need be. `columns` are those after dist_key and run_id. */
export async function insertRunRows(
  client: ClientBase,
  table: string,
  run: { id: string; distKey: number },
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  suffix = "",
): Promise<void> {
  const into = `${table} (dist_key, run_id, ${columns.join(", ")})`;
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const some = rows.slice(start, start + ROWS_A_STATEMENT).map((row) => [run.id, ...row]);
    await insertRows(client, { name: `compact-${table}`, into, distKey: run.distKey, rows: some, suffix });
  }
}
