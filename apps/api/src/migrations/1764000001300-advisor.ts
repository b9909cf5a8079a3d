import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * A run that was started from another knows it (the run tree), a failed one knows of what kind its failure was, and an advice that was
 * applied keeps whether it helped: the outcome is settled once, when the run has ended, and outlives both runs' data.
 */
export class Advisor1764000001300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE run
        ADD COLUMN parent_id text,
        ADD COLUMN failure_cause text CHECK (failure_cause IN ('OUT_OF_MEMORY', 'DIVERGED', 'OTHER'))`);
    await runner.query("CREATE INDEX run_by_parent ON run (dist_key, parent_id) WHERE parent_id IS NOT NULL");
    await runner.query(`
      CREATE TABLE applied_advice (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        parent_id text NOT NULL,
        project_id text NOT NULL,
        rule text NOT NULL,
        action text NOT NULL,
        advisor_version integer NOT NULL,
        outcome text CHECK (outcome IN ('HELPED', 'HURT', 'NO_DIFFERENCE_SHOWN')),
        applied_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT pk_applied_advice PRIMARY KEY (dist_key, run_id),
        CONSTRAINT fk_applied_advice_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      )`);
    await runner.query("CREATE INDEX applied_advice_by_parent ON applied_advice (dist_key, parent_id)");
    await runner.query("CREATE INDEX applied_advice_by_project ON applied_advice (project_id, applied_at DESC)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE applied_advice");
    await runner.query("ALTER TABLE run DROP COLUMN parent_id, DROP COLUMN failure_cause");
  }
}
