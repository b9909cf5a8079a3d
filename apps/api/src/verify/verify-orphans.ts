import type { ClientBase } from "pg";
import { tableKinds } from "../distribution/table-kinds.js";
import type { Damage } from "./damage.js";

/** Rows of runs that do not exist. Foreign keys keep them out, unless a restore or a move between shards went without them. */
export async function verifyOrphans(client: ClientBase, damages: Damage[]): Promise<void> {
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns
     WHERE table_schema = current_schema() AND column_name IN ('dist_key', 'run_id') GROUP BY 1 HAVING count(*) = 2 ORDER BY 1`,
  );
  for (const { name } of tables.filter((table) => tableKinds[table.name] === "distributed")) {
    const { rows } = await client.query<{ run_id: string; count: number }>(
      `SELECT t.run_id, count(*) AS count FROM ${name} t LEFT JOIN run r ON r.dist_key = t.dist_key AND r.id = t.run_id
       WHERE r.id IS NULL GROUP BY t.run_id ORDER BY t.run_id LIMIT 100`,
    );
    for (const { run_id: run, count } of rows)
      damages.push({
        run,
        key: null,
        what: `${count} rows of ${name}`,
        problem: "their run does not exist",
        remedy: "Restore the run from a backup, or delete these rows.",
      });
  }
}
