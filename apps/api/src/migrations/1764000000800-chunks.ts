import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Compacted metrics in four tables. Chunks are full and never change: a reader that saw how many there are may fetch them later. What of a
 * series does not fill a chunk is its tail, the one row that compaction rewrites. Rollups and pyramids say of many points in one row what
 * a chart of them needs. An axis (steps, times, arrivals) is stored once for the series that were logged together.
 */
export class Chunks1764000000800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Chunks of before are turned into the new ones when the API starts (convert-old-chunks.ts): SQL cannot inflate them.
    await runner.query("ALTER TABLE metric_chunk RENAME TO metric_chunk_old");
    await runner.query("ALTER TABLE metric_chunk_old RENAME CONSTRAINT pk_metric_chunk TO pk_metric_chunk_old");
    await runner.query("ALTER TABLE metric_chunk_old RENAME CONSTRAINT fk_metric_chunk_run TO fk_metric_chunk_old_run");
    await runner.query("DROP INDEX metric_chunk_by_arrival");
    await runner.query(`
      CREATE TABLE metric_chunk (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        key text NOT NULL,
        lease_generation integer NOT NULL,
        no integer NOT NULL,
        axis_no integer,
        points smallint NOT NULL,
        first_arrival bigint NOT NULL,
        last_arrival bigint NOT NULL,
        first_step bigint NOT NULL,
        last_step bigint NOT NULL,
        last_time double precision NOT NULL,
        first double precision NOT NULL,
        last double precision NOT NULL,
        min double precision,
        max double precision,
        nans smallint NOT NULL,
        plus_infinities smallint NOT NULL,
        minus_infinities smallint NOT NULL,
        ascending boolean NOT NULL,
        axis bytea,
        data bytea NOT NULL,
        CONSTRAINT pk_metric_chunk PRIMARY KEY (dist_key, run_id, key, lease_generation, no),
        CONSTRAINT fk_metric_chunk_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE metric_axis (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        no integer NOT NULL,
        axis bytea NOT NULL,
        CONSTRAINT pk_metric_axis PRIMARY KEY (dist_key, run_id, no),
        CONSTRAINT fk_metric_axis_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE metric_tail (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        key text NOT NULL,
        lease_generation integer NOT NULL,
        chunks integer NOT NULL,
        chunked_points bigint NOT NULL,
        chunked_arrival bigint NOT NULL,
        first_step bigint,
        last_step bigint,
        ascending boolean NOT NULL,
        points integer NOT NULL,
        last_arrival bigint NOT NULL,
        axis bytea NOT NULL,
        data bytea NOT NULL,
        CONSTRAINT pk_metric_tail PRIMARY KEY (dist_key, run_id, key, lease_generation),
        CONSTRAINT fk_metric_tail_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      ) WITH (autovacuum_vacuum_scale_factor = 0.05)`);
    await runner.query(`
      CREATE TABLE metric_rollup (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        key text NOT NULL,
        lease_generation integer NOT NULL,
        no integer NOT NULL,
        points integer NOT NULL,
        first_arrival bigint NOT NULL,
        last_arrival bigint NOT NULL,
        first_step bigint NOT NULL,
        last_step bigint NOT NULL,
        last_time double precision NOT NULL,
        first double precision NOT NULL,
        last double precision NOT NULL,
        min double precision,
        max double precision,
        nans integer NOT NULL,
        plus_infinities integer NOT NULL,
        minus_infinities integer NOT NULL,
        ascending boolean NOT NULL,
        summaries bytea NOT NULL,
        CONSTRAINT pk_metric_rollup PRIMARY KEY (dist_key, run_id, key, lease_generation, no),
        CONSTRAINT fk_metric_rollup_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE metric_pyramid (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        key text NOT NULL,
        lease_generation integer NOT NULL,
        coarse bytea NOT NULL,
        fine bytea NOT NULL,
        CONSTRAINT pk_metric_pyramid PRIMARY KEY (dist_key, run_id, key, lease_generation),
        CONSTRAINT fk_metric_pyramid_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      ) WITH (autovacuum_vacuum_scale_factor = 0.05)`);
    await runner.query("ALTER TABLE metric_compaction ADD COLUMN axes integer NOT NULL DEFAULT 0");
    // All of it is deflated already.
    for (const [table, column] of [
      ["metric_chunk", "axis"],
      ["metric_chunk", "data"],
      ["metric_axis", "axis"],
      ["metric_tail", "axis"],
      ["metric_tail", "data"],
      ["metric_rollup", "summaries"],
      ["metric_pyramid", "coarse"],
      ["metric_pyramid", "fine"],
    ])
      await runner.query(`ALTER TABLE ${table} ALTER COLUMN ${column} SET STORAGE EXTERNAL`);
  }

  async down(): Promise<void> {
    throw new Error("Metrics are compacted into another form since this version; restore a backup to go back.");
  }
}
