import type { MigrationInterface, QueryRunner } from "typeorm";

/** Runs that were started together: they can be stopped together, and the best of them go on where the sweep halves. */
export class Sweep1764000001500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sweep (
        dist_key bigint NOT NULL,
        id text NOT NULL,
        project_id text NOT NULL,
        experiment_id text NOT NULL,
        dataset_id text NOT NULL,
        configs jsonb NOT NULL,
        seeds integer[] NOT NULL,
        tags text[] NOT NULL,
        keep_one_in integer CHECK (keep_one_in >= 2),
        rung integer NOT NULL DEFAULT 0,
        status text NOT NULL DEFAULT 'RUNNING' CHECK (status IN ('RUNNING', 'FINISHED', 'STOPPED')),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT pk_sweep PRIMARY KEY (dist_key, id)
      )`);
    await runner.query("CREATE INDEX sweep_running ON sweep (created_at) WHERE status = 'RUNNING'");
    await runner.query(`
      ALTER TABLE run ADD COLUMN sweep_id text, ADD COLUMN sweep_rung integer, ADD COLUMN sweep_config integer`);
    await runner.query("CREATE INDEX run_by_sweep ON run (dist_key, sweep_id) WHERE sweep_id IS NOT NULL");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE run DROP COLUMN sweep_id, DROP COLUMN sweep_rung, DROP COLUMN sweep_config");
    await runner.query("DROP TABLE sweep");
  }
}
