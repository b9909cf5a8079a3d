import { In } from "typeorm";
import type { App } from "./context.js";
import { isDatabaseAway } from "./errors.js";
import { sweepFiles } from "./modules/artifact/sweep-files.js";
import { sweepLeases } from "./modules/job/sweep-leases.js";
import { Run } from "./modules/run/run.entity.js";
import { promoteSweeps } from "./modules/sweep/promote-sweeps.js";

const everyMs = 5_000;
const filesEveryMs = 60_000;

/**
 * Looks every few seconds for leases that ran out and for sweeps whose rung has ended, and every minute for files that nobody wants any more.
 * Returns the function that ends it, once a sweep under way is done.
 */
export function startSweeping({ pool, db, events, blobs }: App, log: (line: string) => void): () => Promise<void> {
  const tell = async (ids: string[], change: "STATUS" | "CREATED") => {
    if (ids.length === 0) return;
    for (const run of await db.getRepository(Run).findBy({ id: In(ids) })) events.runChanged(run, change);
  };
  const endings = [
    repeat(everyMs, "Looking for lost leases and ended rungs", log, async () => {
      await tell(await sweepLeases(pool), "STATUS");
      await tell(await promoteSweeps(pool), "CREATED");
    }),
    repeat(filesEveryMs, "Removing files that nobody wants", log, () => sweepFiles(pool, blobs)),
  ];
  return async () => void (await Promise.all(endings.map((end) => end())));
}

/** One sweep after the other. */
function repeat(ms: number, what: string, log: (line: string) => void, work: () => Promise<void>): () => Promise<void> {
  let underWay = Promise.resolve();
  const sweep = async () => {
    try {
      await work();
    } catch (error) {
      // While the database is away there is nothing to put in order.
      if (!isDatabaseAway(error)) log(`${what} failed: ${(error as Error).message}`);
    }
  };
  const timer = setInterval(() => {
    underWay = underWay.then(sweep);
  }, ms);
  return () => {
    clearInterval(timer);
    return underWay;
  };
}
