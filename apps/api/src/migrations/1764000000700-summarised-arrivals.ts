import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Summaries of series are written up to a tenth of a second after their frames. `summarised` counts the arrivals of a run that its summaries
 * contain: where it is behind `arrivals` and nobody is going to write the rest, they are made anew from the points.
 */
export class SummarisedArrivals1764000000700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE metric_stream ADD COLUMN summarised bigint NOT NULL DEFAULT 0");
    await runner.query("UPDATE metric_stream SET summarised = arrivals");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE metric_stream DROP COLUMN summarised");
  }
}
