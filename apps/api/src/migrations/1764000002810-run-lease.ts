import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Which worker held a run from when to when, and what its hour cost then: a run that passed from one worker to another costs what both took. Of
 * leases from before only the last is known, as long as the whole training.
 */
export class RunLease1764000002810 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE run_lease (
        run_id text NOT NULL,
        lease_generation integer NOT NULL,
        job_id text NOT NULL REFERENCES job (id) ON DELETE CASCADE,
        worker_id text NOT NULL REFERENCES worker (id),
        hourly_rate jsonb,
        began_at timestamptz(3) NOT NULL DEFAULT now(),
        renewed_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (run_id, lease_generation)
      )`);
    await runner.query(`
      INSERT INTO run_lease (run_id, lease_generation, job_id, worker_id, hourly_rate, began_at, renewed_at)
      SELECT DISTINCT ON (j.run_id) j.run_id, j.lease_generation, j.id, j.worker_id, w.hourly_rate, r.started_at, coalesce(r.finished_at, now())
      FROM job j JOIN worker w ON w.id = j.worker_id JOIN run r ON r.dist_key = j.dist_key AND r.id = j.run_id
      WHERE r.started_at IS NOT NULL ORDER BY j.run_id, j.id DESC`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE run_lease");
  }
}
