import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * The metric path. Frames are only ever inserted; compaction turns many into one chunk a series. `arrival` counts what happened to a run's
 * metrics 1, 2, 3 … in commit order (a frame, or a takeover by a new lease generation): cursors, frozen links and "later wins" rest on it.
 */
export class Metric1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE metric_stream (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        arrivals bigint NOT NULL DEFAULT 0,
        points_acknowledged bigint NOT NULL DEFAULT 0,
        frames_duplicated bigint NOT NULL DEFAULT 0,
        CONSTRAINT pk_metric_stream PRIMARY KEY (dist_key, run_id),
        CONSTRAINT fk_metric_stream_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE run_writer (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        writer text NOT NULL,
        last_seq bigint NOT NULL,
        CONSTRAINT pk_run_writer PRIMARY KEY (dist_key, run_id, writer),
        CONSTRAINT fk_run_writer_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE run_generation (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        generation integer NOT NULL,
        resumed_from_step bigint NOT NULL,
        arrival bigint NOT NULL,
        CONSTRAINT pk_run_generation PRIMARY KEY (dist_key, run_id, generation),
        CONSTRAINT fk_run_generation_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE metric_frame (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        arrival bigint NOT NULL,
        writer text NOT NULL,
        seq bigint NOT NULL,
        lease_generation integer NOT NULL,
        points integer NOT NULL,
        received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        digest bytea NOT NULL,
        frame bytea NOT NULL,
        CONSTRAINT pk_metric_frame PRIMARY KEY (dist_key, run_id, arrival),
        CONSTRAINT uq_metric_frame_seq UNIQUE (dist_key, run_id, writer, seq),
        CONSTRAINT fk_metric_frame_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      ) WITH (autovacuum_vacuum_scale_factor = 0.01)`);
    await runner.query(`ALTER TABLE metric_frame ALTER COLUMN frame SET STORAGE EXTERNAL`);
    await runner.query(`
      CREATE TABLE metric_chunk (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        key text NOT NULL,
        first_arrival bigint NOT NULL,
        part integer NOT NULL,
        last_arrival bigint NOT NULL,
        lease_generation integer NOT NULL,
        points integer NOT NULL,
        first_step bigint NOT NULL,
        last_step bigint NOT NULL,
        last_time double precision NOT NULL,
        last double precision NOT NULL,
        min double precision,
        max double precision,
        non_finite double precision,
        data bytea NOT NULL,
        CONSTRAINT pk_metric_chunk PRIMARY KEY (dist_key, run_id, key, first_arrival, part),
        CONSTRAINT fk_metric_chunk_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      )`);
    await runner.query(`CREATE INDEX metric_chunk_by_arrival ON metric_chunk (dist_key, run_id, last_arrival)`);
    await runner.query(`ALTER TABLE metric_chunk ALTER COLUMN data SET STORAGE EXTERNAL`);
    await runner.query(`
      CREATE TABLE metric_receipt (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        writer text NOT NULL,
        first_seq bigint NOT NULL,
        last_seq bigint NOT NULL,
        digests bytea NOT NULL,
        CONSTRAINT pk_metric_receipt PRIMARY KEY (dist_key, run_id, writer, first_seq),
        CONSTRAINT fk_metric_receipt_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE metric_compaction (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        CONSTRAINT pk_metric_compaction PRIMARY KEY (dist_key, run_id),
        CONSTRAINT fk_metric_compaction_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE metric_series (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        key text NOT NULL,
        points bigint NOT NULL,
        first_step bigint NOT NULL,
        last_step bigint NOT NULL,
        last double precision NOT NULL,
        min double precision,
        max double precision,
        direction smallint NOT NULL,
        best double precision,
        best_step bigint,
        arrival bigint NOT NULL,
        stale boolean NOT NULL,
        CONSTRAINT pk_metric_series PRIMARY KEY (dist_key, run_id, key),
        CONSTRAINT fk_metric_series_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      ) WITH (fillfactor = 70)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      "metric_series",
      "metric_compaction",
      "metric_receipt",
      "metric_chunk",
      "metric_frame",
      "run_generation",
      "run_writer",
      "metric_stream",
    ])
      await runner.query(`DROP TABLE ${table}`);
  }
}
