import type { MigrationInterface, QueryRunner } from "typeorm";

/** Both splits scored with one set of weights, with what each val image was taken for. */
export class Evaluation1764000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE evaluation (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        step bigint NOT NULL,
        epoch double precision NOT NULL,
        lease_generation integer NOT NULL,
        arrival bigint NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        train_examples integer NOT NULL,
        train_correct integer NOT NULL,
        train_mean_loss double precision NOT NULL,
        train_loss_variance double precision,
        train_images_hash text,
        val_examples integer NOT NULL,
        val_correct integer NOT NULL,
        val_mean_loss double precision NOT NULL,
        val_loss_variance double precision,
        val_images_hash text,
        val_predictions bytea,
        val_losses bytea,
        CONSTRAINT pk_evaluation PRIMARY KEY (dist_key, run_id, step, epoch, lease_generation),
        CONSTRAINT fk_evaluation_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE evaluation");
  }
}
