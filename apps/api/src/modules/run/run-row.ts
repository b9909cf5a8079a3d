import type { DataSource } from "typeorm";
import { Run } from "./run.entity.js";

/** A row of `SELECT run.*`. */
export type RunRow = Record<string, unknown>;

/** Runs from rows, as TypeORM would read them: its query builder and its transformer took longer than the page itself. */
export function runsOfRows(db: DataSource, rows: readonly RunRow[]): Run[] {
  const columns = db.getMetadata(Run).columns.map(({ databaseName, propertyName }) => [databaseName, propertyName]);
  return rows.map((row) => {
    const run = new Run() as unknown as Record<string, unknown>;
    for (const [name, property] of columns as [string, string][]) run[property] = row[name];
    return run as unknown as Run;
  });
}
