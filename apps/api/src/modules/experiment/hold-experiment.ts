import { notFound } from "../../errors.js";

/** One connection, in its transaction; what it answers is not looked at but for its length. */
interface Connection {
  query(sql: string, values: unknown[]): Promise<unknown>;
}

/**
 * Keeps an experiment out of the trash until the caller's transaction ends; NOT_FOUND where it is there already. A run that is made while its
 * experiment is deleted would else stay in every list.
 */
export async function holdExperiment(connection: Connection, id: string): Promise<void> {
  const answer = await connection.query("SELECT id FROM experiment WHERE id = $1 AND trashed_at IS NULL FOR SHARE", [
    id,
  ]);
  // TypeORM answers with the rows, pg with an object around them.
  const rows = Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows;
  if (rows.length === 0) throw notFound("experiment", id);
}
