import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Files of runs. A blob is a content, known by its hash, and counts the artifacts that have it; it may lie unused for a while, as one does that is
 * being uploaded. An artifact is a name that somebody gave to a content. An upload is what has come of a file so far.
 */
export class Artifact1764000002700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE blob (
        sha256 text PRIMARY KEY,
        bytes bigint NOT NULL,
        refs integer NOT NULL DEFAULT 0 CHECK (refs >= 0),
        touched_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX blob_unused ON blob (touched_at) WHERE refs = 0;
      CREATE TABLE artifact (
        dist_key bigint NOT NULL,
        id text NOT NULL,
        project_id text NOT NULL,
        run_id text NOT NULL,
        name text NOT NULL,
        version integer NOT NULL,
        sha256 text NOT NULL,
        bytes bigint NOT NULL,
        media_type text,
        created_by text NOT NULL,
        author text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        trashed_at timestamptz(3),
        CONSTRAINT pk_artifact PRIMARY KEY (dist_key, id),
        CONSTRAINT artifact_version UNIQUE (dist_key, run_id, name, version),
        CONSTRAINT fk_artifact_run FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id) ON DELETE CASCADE
      );
      CREATE INDEX artifact_by_id ON artifact (id);
      CREATE INDEX artifact_of_run ON artifact (dist_key, run_id, id);
      CREATE INDEX artifact_in_trash ON artifact (trashed_at) WHERE trashed_at IS NOT NULL;
      CREATE TABLE upload (
        id text PRIMARY KEY,
        dist_key bigint NOT NULL,
        project_id text NOT NULL REFERENCES project (id),
        run_id text NOT NULL,
        name text NOT NULL,
        sha256 text NOT NULL,
        bytes bigint NOT NULL,
        media_type text,
        created_by text NOT NULL,
        author text NOT NULL,
        token text NOT NULL,
        received bigint NOT NULL DEFAULT 0,
        hash_state bytea NOT NULL,
        receipts text[] NOT NULL DEFAULT '{}',
        artifact_id text,
        touched_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX upload_of_project ON upload (project_id);
      CREATE INDEX upload_by_age ON upload (touched_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE upload, artifact, blob");
  }
}
