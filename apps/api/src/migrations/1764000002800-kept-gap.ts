import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * What a run's gap says, kept beside it for lists to sort and filter by: a verdict takes the whole course of a training, which no statement can
 * work out for each run of a list. Runs that there are already have to be judged; the API does it when it has started.
 */
export class KeptGap1764000002800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE run ADD COLUMN gap double precision, ADD COLUMN loss_gap double precision, ADD COLUMN gap_verdict text,
        ADD COLUMN gap_rule integer, ADD COLUMN gap_threshold double precision`);
    await runner.query("CREATE INDEX run_by_verdict ON run (dist_key, gap_verdict, id) WHERE trashed_at IS NULL");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP INDEX run_by_verdict");
    await runner.query(`
      ALTER TABLE run DROP COLUMN gap, DROP COLUMN loss_gap, DROP COLUMN gap_verdict, DROP COLUMN gap_rule,
        DROP COLUMN gap_threshold`);
  }
}
