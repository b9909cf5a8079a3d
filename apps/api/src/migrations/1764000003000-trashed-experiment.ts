import type { MigrationInterface, QueryRunner } from "typeorm";

/** A trash for experiments. A run remembers that it went there with its experiment, so that only those come back with it. */
export class TrashedExperiment1764000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE experiment ADD COLUMN trashed_at timestamptz(3)");
    await runner.query("ALTER TABLE run ADD COLUMN trashed_with_experiment boolean NOT NULL DEFAULT false");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE run DROP COLUMN trashed_with_experiment");
    await runner.query("ALTER TABLE experiment DROP COLUMN trashed_at");
  }
}
