import "reflect-metadata";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { queueTestRuns, type Seed, seed } from "../../test-seed.js";
import { Run } from "../run/run.entity.js";
import { claimJob } from "./claim-job.js";
import { finishJob } from "./finish-job.js";
import { heartbeat } from "./heartbeat.js";
import { cancelRun, stopRun } from "./stop-run.js";
import { sweepLeases } from "./sweep-leases.js";
import { trashRuns } from "./trash-runs.js";

let database: TestDatabase;
let seeded: Seed;
beforeAll(async () => {
  database = await openTestDatabase();
  seeded = await seed(database, { workers: 2 });
  // Every status that a run had, also one that the next statement of the same transaction changes.
  await database.pool.query(`
    CREATE TABLE status_seen (no bigserial, run_id text, status text);
    CREATE FUNCTION see_status() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO status_seen (run_id, status) VALUES (NEW.id, NEW.status); RETURN NULL; END $$;
    CREATE TRIGGER see_status AFTER UPDATE OF status ON run FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION see_status();
  `);
});
afterAll(() => database.close());

const ended = ["FINISHED", "FAILED", "STOPPED"];
/** How the job of a run ended by how the run did. */
const jobsOf: Record<string, string[]> = {
  FINISHED: ["DONE"],
  FAILED: ["FAILED"],
  STOPPED: ["DONE", "CANCELLED"],
};

/** What may happen to a run that trains; `lease` is that of its first worker. */
const happenings = {
  done: (lease: Lease) => finishJob(database.pool, { ...lease, status: "DONE", stopped: false }),
  failed: (lease: Lease) => finishJob(database.pool, { ...lease, status: "FAILED", error: "broken", stopped: false }),
  givenBack: (lease: Lease) => finishJob(database.pool, { ...lease, status: "QUEUED", stopped: false }),
  cancelledByWorker: (lease: Lease) => finishJob(database.pool, { ...lease, status: "CANCELLED", stopped: false }),
  stop: (_: Lease, run: Run) => stopRun(database.pool, run),
  cancel: (_: Lease, run: Run) => cancelRun(database.pool, run),
  trash: (_: Lease, run: Run) => trashRuns(database.pool, [run]),
  heartbeat: (lease: Lease) => heartbeat(database.pool, lease),
  leaseRunsOut: async ({ job }: Lease) => {
    await database.pool.query(
      "UPDATE job SET lease_until = now() - interval '1 hour' WHERE id = $1 AND status = 'LEASED'",
      [job],
    );
    await sweepLeases(database.pool);
  },
  anotherClaims: () => claimJob(database.pool, seeded.workers[1]!, ["TRAIN_RUN"]),
} as const;
type Lease = { job: string; leaseGeneration: number };

const moment = fc.array(fc.constantFrom(...(Object.keys(happenings) as (keyof typeof happenings)[])), {
  minLength: 2,
  maxLength: 6,
});

test("a run ends once and its job with it, whatever finishes, fails, stops, cancels and takes it over at the same moment", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 3 }), async (moments) => {
      await database.pool.query("DELETE FROM job");
      const [id] = (await queueTestRuns(database, seeded, 1)) as [string];
      const claim = await claimJob(database.pool, seeded.workers[0]!, ["TRAIN_RUN"]);
      const lease = { job: claim!.jobId, leaseGeneration: claim!.leaseGeneration };
      const run = await database.db.getRepository(Run).findOneByOrFail({ id });
      for (const names of moments) {
        const answers = await Promise.allSettled(names.map((name) => happenings[name](lease, run)));
        for (const answer of answers)
          if (answer.status === "rejected")
            expect(answer.reason.extensions?.code, answer.reason.stack).toMatch(/^(FENCED|CONFLICT)$/);
      }
      await finishWhatWaits();

      const { rows: seen } = await database.pool.query<{ status: string }>(
        "SELECT status FROM status_seen WHERE run_id = $1 ORDER BY no",
        [id],
      );
      const statuses = seen.map(({ status }) => status);
      const firstEnd = statuses.findIndex((status) => ended.includes(status));
      expect(firstEnd, `${statuses} must end, and nothing may come after`).toBe(statuses.length - 1);
      const { rows: jobs } = await database.pool.query<{ status: string }>("SELECT status FROM job WHERE run_id = $1", [
        id,
      ]);
      expect(jobs).toHaveLength(1);
      expect(jobsOf[statuses.at(-1)!]).toContain(jobs[0]!.status);
    }),
    { numRuns: 120 },
  );
});

/** What a healthy worker does with whatever is still to do: so that a run which was left in between shows. */
async function finishWhatWaits(): Promise<void> {
  await database.pool.query(
    "UPDATE job SET lease_until = now() - interval '1 hour', attempt = 0 WHERE status = 'LEASED'",
  );
  for (;;) {
    const claim = await claimJob(database.pool, seeded.workers[0]!, ["TRAIN_RUN"]);
    if (!claim) break;
    await finishJob(database.pool, {
      job: claim.jobId,
      leaseGeneration: claim.leaseGeneration,
      status: "DONE",
      stopped: false,
    });
  }
  await sweepLeases(database.pool);
}
