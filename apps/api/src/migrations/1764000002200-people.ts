import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * People, what they are in which project, and whose a session, a key and a worker is. Whoever runs the server is a user from the start; the
 * sessions of before are theirs, and so are those that an API of the version before opens beside this one.
 */
export class People1764000002200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE app_user (
        id text PRIMARY KEY,
        name text NOT NULL,
        email text UNIQUE,
        password_hash text,
        is_operator boolean NOT NULL DEFAULT false,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        access_changed_at timestamptz(3) NOT NULL DEFAULT now()
      );
      INSERT INTO app_user (id, name, is_operator) VALUES ('usr_${"0".repeat(32)}', 'Owner', true);
      CREATE TABLE membership (
        project_id text NOT NULL REFERENCES project (id),
        user_id text NOT NULL REFERENCES app_user (id),
        role text NOT NULL CHECK (role IN ('VIEWER', 'MEMBER', 'OWNER')),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (project_id, user_id)
      );
      CREATE INDEX membership_of_user ON membership (user_id);
      CREATE TABLE invite (
        id text PRIMARY KEY,
        project_id text NOT NULL REFERENCES project (id),
        role text NOT NULL CHECK (role IN ('VIEWER', 'MEMBER', 'OWNER')),
        label text NOT NULL,
        secret_hash bytea NOT NULL,
        created_by text NOT NULL REFERENCES app_user (id),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3) NOT NULL,
        used_at timestamptz(3),
        used_by text REFERENCES app_user (id),
        revoked_at timestamptz(3)
      );
      CREATE INDEX invite_of_project ON invite (project_id, created_at);

      ALTER TABLE session
        ADD COLUMN id text NOT NULL DEFAULT 'ses_' || replace(gen_random_uuid()::text, '-', ''),
        ADD COLUMN user_id text NOT NULL DEFAULT 'usr_${"0".repeat(32)}' REFERENCES app_user (id),
        ADD COLUMN issued_at timestamptz(3) NOT NULL DEFAULT now(),
        ADD COLUMN last_seen_at timestamptz(3) NOT NULL DEFAULT now(),
        ADD COLUMN user_agent text NOT NULL DEFAULT '',
        ADD COLUMN next_hash bytea UNIQUE,
        ADD COLUMN next_at timestamptz(3),
        ADD COLUMN previous_hash bytea UNIQUE,
        ADD COLUMN previous_until timestamptz(3);
      ALTER TABLE session
        DROP CONSTRAINT session_pkey,
        ADD PRIMARY KEY (id),
        ADD CONSTRAINT session_token UNIQUE (token_hash);
      CREATE INDEX session_of_user ON session (user_id);

      ALTER TABLE api_key
        ADD COLUMN user_id text REFERENCES app_user (id),
        ADD COLUMN project_id text REFERENCES project (id),
        ADD COLUMN prefix text NOT NULL DEFAULT '';
      CREATE INDEX api_key_of_user ON api_key (user_id);
      ALTER TABLE worker
        ADD COLUMN key_id text,
        ADD COLUMN project_id text REFERENCES project (id);
      ALTER TABLE share_link ADD COLUMN created_by text REFERENCES app_user (id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE share_link DROP COLUMN created_by;
      ALTER TABLE worker DROP COLUMN key_id, DROP COLUMN project_id;
      ALTER TABLE api_key DROP COLUMN user_id, DROP COLUMN project_id, DROP COLUMN prefix;
      ALTER TABLE session DROP CONSTRAINT session_token, DROP CONSTRAINT session_pkey, ADD PRIMARY KEY (token_hash),
        DROP COLUMN id, DROP COLUMN user_id, DROP COLUMN issued_at, DROP COLUMN last_seen_at, DROP COLUMN user_agent,
        DROP COLUMN next_hash, DROP COLUMN next_at, DROP COLUMN previous_hash, DROP COLUMN previous_until;
      DROP TABLE invite, membership, app_user`);
  }
}
