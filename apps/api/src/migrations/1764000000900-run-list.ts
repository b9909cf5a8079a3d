import type { MigrationInterface, QueryRunner } from "typeorm";
import { insertRunParams } from "../modules/run/run-params.js";

/** As the run list sorts by name (operand-sql.ts): numbers in it count as numbers. */
const nameInOrder = `regexp_replace(regexp_replace(lower(name COLLATE "C"), '(\\d+)', '0000000000\\1', 'g'), '\\d*(\\d{10})', '\\1', 'g')`;

/**
 * What the run list filters and sorts by, as indexes that begin with dist_key. run_param holds the single values of each training config (a
 * GIN index answers no range); they never change, so that all of an answer can come from its indexes.
 */
export class RunList1764000000900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE run_param (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        path text NOT NULL,
        number double precision,
        text text COLLATE "C",
        CONSTRAINT pk_run_param PRIMARY KEY (dist_key, run_id, path),
        CONSTRAINT fk_run_param_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      )`);
    // From now on a run is created in the moment that its id begins with: every index with the id knows the order of creation.
    await runner.query(
      "UPDATE run SET created_at = to_timestamp(('x' || lpad(substr(id, 5, 12), 16, '0'))::bit(64)::bigint / 1000.0) WHERE id ~ '^run_[0-9a-f]{32}$'",
    );
    await this.fillParams(runner);
    for (const index of [
      "run_param_by_number ON run_param (dist_key, path, number, run_id) WHERE number IS NOT NULL",
      "run_param_by_text ON run_param (dist_key, path, text, run_id) WHERE text IS NOT NULL",
      `run_by_name ON run (dist_key, (${nameInOrder} COLLATE "C"), id) WHERE trashed_at IS NULL`,
      "run_by_status ON run (dist_key, status, id) WHERE trashed_at IS NULL",
      "run_by_architecture ON run (dist_key, architecture, id) WHERE trashed_at IS NULL",
      "run_in_trash ON run (dist_key, id) WHERE trashed_at IS NOT NULL",
      "run_in_experiment ON run (dist_key, experiment_id, id)",
      "run_by_tag ON run USING gin (tags)",
      // Sorting by a metric is a walk along this index. Only best stands in it: last changes with every commit, and would cost each a second index entry.
      "metric_series_by_best ON metric_series (dist_key, key, best, run_id)",
    ])
      await runner.query(`CREATE INDEX ${index}`);
    await this.indexNames(runner);
    await runner.query("DROP INDEX run_of_project, run_of_experiment");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("CREATE INDEX run_of_project ON run (project_id, created_at, id)");
    await runner.query("CREATE INDEX run_of_experiment ON run (experiment_id, created_at, id)");
    await runner.query("DROP TABLE run_param");
    await runner.query(
      "DROP INDEX run_by_name, run_by_status, run_by_architecture, run_in_trash, run_in_experiment, run_by_tag, metric_series_by_best",
    );
    await runner.query("DROP INDEX IF EXISTS run_by_part_of_name");
  }

  private async fillParams(runner: QueryRunner): Promise<void> {
    let after = "";
    for (;;) {
      const runs: { id: string; dist_key: number; config: unknown }[] = await runner.query(
        "SELECT id, dist_key, config FROM run WHERE id > $1 ORDER BY id LIMIT 1000",
        [after],
      );
      for (const run of runs) await insertRunParams(runner, run.dist_key, run.id, run.config);
      if (runs.length < 1_000) return;
      after = runs.at(-1)!.id;
    }
  }

  /** Parts of names are found through trigrams where the server has them, and this role may install them; else by reading. */
  private async indexNames(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$ BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX run_by_part_of_name ON run USING gin (lower(name COLLATE "C") gin_trgm_ops);
      EXCEPTION WHEN OTHERS THEN NULL;
      END $$`);
  }
}
