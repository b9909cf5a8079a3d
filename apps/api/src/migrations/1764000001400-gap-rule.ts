import type { MigrationInterface, QueryRunner } from "typeorm";

/** What counts as a gap is a project's own to say; which of a script's series are a pair, a run's. */
export class GapRule1764000001400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE project ADD COLUMN gap_threshold double precision NOT NULL DEFAULT 0.1
        CHECK (gap_threshold > 0 AND gap_threshold < 1)`);
    await runner.query("ALTER TABLE run ADD COLUMN gap_pairs jsonb");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE run DROP COLUMN gap_pairs");
    await runner.query("ALTER TABLE project DROP COLUMN gap_threshold");
  }
}
