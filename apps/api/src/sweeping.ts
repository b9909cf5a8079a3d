import { In } from "typeorm";
import type { App } from "./context.js";
import { isDatabaseAway } from "./errors.js";
import { sweepLeases } from "./modules/job/sweep-leases.js";
import { Run } from "./modules/run/run.entity.js";
import { promoteSweeps } from "./modules/sweep/promote-sweeps.js";

const everyMs = 5_000;

/** Looks every few seconds for leases that ran out, and for sweeps whose rung has ended. Returns the function that ends it, once a sweep under way is done. */
export function startSweeping({ pool, db, events }: App, log: (line: string) => void): () => Promise<void> {
  const tell = async (ids: string[], change: "STATUS" | "CREATED") => {
    if (ids.length === 0) return;
    for (const run of await db.getRepository(Run).findBy({ id: In(ids) })) events.runChanged(run, change);
  };
  let underWay = Promise.resolve();
  const sweep = async () => {
    try {
      await tell(await sweepLeases(pool), "STATUS");
      await tell(await promoteSweeps(pool), "CREATED");
    } catch (error) {
      // While the database is away there is nothing to put in order.
      if (!isDatabaseAway(error)) log(`Looking for lost leases and ended rungs failed: ${(error as Error).message}`);
    }
  };
  const timer = setInterval(() => {
    underWay = underWay.then(sweep);
  }, everyMs);
  return () => {
    clearInterval(timer);
    return underWay;
  };
}
