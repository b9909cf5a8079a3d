import type { MigrationInterface, QueryRunner } from "typeorm";

/** What tells whether a training can be believed: the weights it began with, what its worker did about trouble, finer scores, the test split. */
export class TrainingEvidence1764000000500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE run
        ADD COLUMN initial_weights jsonb,
        ADD COLUMN inference_images_per_second double precision,
        ADD COLUMN latency_p50_milliseconds double precision,
        ADD COLUMN latency_p95_milliseconds double precision,
        ADD COLUMN energy_watt_hours double precision;
      ALTER TABLE worker ADD COLUMN doctor jsonb;
      ALTER TABLE evaluation ADD COLUMN train_details jsonb, ADD COLUMN val_details jsonb;
      CREATE TABLE run_notice (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
        step bigint NOT NULL,
        kind text NOT NULL,
        message jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT pk_run_notice PRIMARY KEY (dist_key, run_id, number),
        CONSTRAINT fk_run_notice_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      );
      -- A worker that repeats itself (its first answer got lost, or it resumed and finds the same again) adds nothing.
      CREATE UNIQUE INDEX run_notice_once ON run_notice (dist_key, run_id, step, kind, md5(message::text));
      CREATE TABLE test_score (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        lease_generation integer NOT NULL,
        arrival bigint NOT NULL,
        step bigint NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        examples integer NOT NULL,
        correct integer NOT NULL,
        mean_loss double precision NOT NULL,
        loss_variance double precision,
        images_hash text,
        details jsonb,
        predictions bytea,
        losses bytea,
        CONSTRAINT pk_test_score PRIMARY KEY (dist_key, run_id, lease_generation),
        CONSTRAINT fk_test_score_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE test_score, run_notice;
      ALTER TABLE evaluation DROP COLUMN train_details, DROP COLUMN val_details;
      ALTER TABLE worker DROP COLUMN doctor;
      ALTER TABLE run DROP COLUMN initial_weights, DROP COLUMN inference_images_per_second, DROP COLUMN latency_p50_milliseconds,
        DROP COLUMN latency_p95_milliseconds, DROP COLUMN energy_watt_hours;
    `);
  }
}
