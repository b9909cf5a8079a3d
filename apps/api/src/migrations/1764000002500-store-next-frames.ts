import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Stores frames that are each the next of their writer in one round trip: nine statements in two cost one training script half of its wait.
 * See store-next-frames.ts, which says what it is given. Frames and counts of a run stand together, in the order of `runs`. Each statement
 * names one dist_key and one row, so that a sharded Postgres sends it to one shard.
 */
export class StoreNextFrames1764000002500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION metric_store_next_frames(
        shard bigint,
        runs text[], generations integer[], frame_counts integer[], point_counts integer[],
        writers text[], seqs bigint[], points integer[], digests bytea[], frames bytea[]
      ) RETURNS bigint[] LANGUAGE plpgsql AS $$
      DECLARE
        arrival bigint;
        arrivals_before bigint[] := '{}';
        i integer := 0;
      BEGIN
        -- Acknowledged means on disk, whatever the server's default is.
        PERFORM set_config('synchronous_commit', 'on', true);
        FOR r IN 1 .. cardinality(runs) LOOP
          PERFORM FROM run
            WHERE dist_key = shard AND id = runs[r] AND lease_generation = generations[r] AND trashed_at IS NULL FOR SHARE;
          IF NOT FOUND THEN RAISE EXCEPTION SQLSTATE 'RS001' USING MESSAGE = 'A run is not as it was'; END IF;
          UPDATE metric_stream SET arrivals = arrivals + frame_counts[r], points_acknowledged = points_acknowledged + point_counts[r]
            WHERE dist_key = shard AND run_id = runs[r] RETURNING arrivals - frame_counts[r] INTO arrival;
          IF NOT FOUND THEN RAISE EXCEPTION SQLSTATE 'RS001' USING MESSAGE = 'A run has no stream'; END IF;
          arrivals_before[r] := arrival;
          FOR n IN 1 .. frame_counts[r] LOOP
            i := i + 1;
            UPDATE run_writer SET last_seq = seqs[i]
              WHERE dist_key = shard AND run_id = runs[r] AND writer = writers[i] AND last_seq = seqs[i] - 1;
            IF NOT FOUND THEN RAISE EXCEPTION SQLSTATE 'RS001' USING MESSAGE = 'A frame is not the next of its writer'; END IF;
            INSERT INTO metric_frame (dist_key, run_id, arrival, writer, seq, lease_generation, points, digest, frame)
              VALUES (shard, runs[r], arrival + n, writers[i], seqs[i], generations[r], points[i], digests[i], frames[i]);
          END LOOP;
        END LOOP;
        RETURN arrivals_before;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP FUNCTION metric_store_next_frames");
  }
}
