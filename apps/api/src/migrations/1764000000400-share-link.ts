import type { MigrationInterface, QueryRunner } from "typeorm";

/** Read-only links for people without an account, and the sessions that their secrets were exchanged for. Secrets are kept as SHA-256. */
export class ShareLink1764000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE share_link (
        id text PRIMARY KEY,
        project_id text NOT NULL REFERENCES project (id),
        scope text NOT NULL CHECK (scope IN ('RUN', 'COMPARISON', 'EXPERIMENT')),
        mode text NOT NULL CHECK (mode IN ('LIVE', 'FROZEN')),
        experiment_id text REFERENCES experiment (id),
        run_ids text[] NOT NULL,
        baseline text,
        label text NOT NULL,
        secret_hash bytea NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3),
        revoked_at timestamptz(3),
        views integer NOT NULL DEFAULT 0,
        frozen_at timestamptz(3),
        frozen_runs jsonb,
        CHECK ((scope = 'EXPERIMENT') = (experiment_id IS NOT NULL)),
        CHECK ((mode = 'FROZEN') = (frozen_at IS NOT NULL AND frozen_runs IS NOT NULL))
      );
      CREATE INDEX share_link_of_project ON share_link (project_id, created_at);
      CREATE TABLE share_session (
        token_hash bytea PRIMARY KEY,
        link_id text NOT NULL REFERENCES share_link (id) ON DELETE CASCADE,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3) NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE share_session, share_link");
  }
}
