import "reflect-metadata";
// @boundaries-ignore what is measured is no part of a package's front
import { openDatabase } from "../../apps/api/dist/database.js";
// @boundaries-ignore what is measured is no part of a package's front
import { compactRun } from "../../apps/api/dist/modules/metric/compact.js";

/** Compacts every run that has frames, as the API does with runs that rest: sooner, so that nobody has to wait a minute. */
export async function compactAll(databaseUrl) {
  const database = await openDatabase(databaseUrl, () => {});
  try {
    const { rows } = await database.pool.query("SELECT DISTINCT dist_key, run_id FROM metric_frame");
    for (const { dist_key: distKey, run_id: id } of rows)
      while ((await compactRun(database.pool, { id, distKey })) > 0);
  } finally {
    await database.close();
  }
}
