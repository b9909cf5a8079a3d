import type { MigrationInterface, QueryRunner } from "typeorm";

/** What an hour of a worker costs, as {amount, currency}; null where nobody has said. */
export class WorkerRate1764000001600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE worker ADD COLUMN hourly_rate jsonb");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE worker DROP COLUMN hourly_rate");
  }
}
