import type { MigrationInterface, QueryRunner } from "typeorm";

/** Under which lease a worker uploads: once that has passed on, what it uploads is refused. Null: by somebody who holds none. */
export class UploadLease1764000002710 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE upload ADD COLUMN lease_generation integer");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE upload DROP COLUMN lease_generation");
  }
}
