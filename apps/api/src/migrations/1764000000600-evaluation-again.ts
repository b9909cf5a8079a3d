import type { MigrationInterface, QueryRunner } from "typeorm";

/** A worker that went back to a checkpoint after a divergence evaluates again under the same lease: the later evaluation stands, the earlier is kept. */
export class EvaluationAgain1764000000600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE evaluation
        DROP CONSTRAINT pk_evaluation,
        ADD CONSTRAINT pk_evaluation PRIMARY KEY (dist_key, run_id, arrival);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM evaluation e USING evaluation later
      WHERE (e.dist_key, e.run_id, e.step, e.epoch, e.lease_generation) =
            (later.dist_key, later.run_id, later.step, later.epoch, later.lease_generation) AND e.arrival < later.arrival;
      ALTER TABLE evaluation
        DROP CONSTRAINT pk_evaluation,
        ADD CONSTRAINT pk_evaluation PRIMARY KEY (dist_key, run_id, step, epoch, lease_generation);
    `);
  }
}
