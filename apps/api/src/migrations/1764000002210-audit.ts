import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Who did what, for ever: no statement changes or removes an entry. And how a person without a password gets back in: by a link that whoever runs
 * the server makes for them, which is an invite to no project.
 */
export class Audit1764000002210 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz(3) NOT NULL DEFAULT now(),
        project_id text,
        actor_kind text NOT NULL,
        actor_id text NOT NULL,
        actor_name text NOT NULL,
        action text NOT NULL,
        object_ids text[] NOT NULL,
        address text NOT NULL,
        request_id text NOT NULL
      );
      CREATE INDEX audit_event_of_project ON audit_event (project_id, id);
      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the audit log is only ever added to'; END $$;
      CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      ALTER TABLE app_user ADD COLUMN device_hashes bytea[] NOT NULL DEFAULT '{}';
      ALTER TABLE invite
        ALTER COLUMN project_id DROP NOT NULL,
        ALTER COLUMN role DROP NOT NULL,
        ADD COLUMN for_user text REFERENCES app_user (id),
        ADD CHECK ((for_user IS NULL) = (project_id IS NOT NULL AND role IS NOT NULL));`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM invite WHERE for_user IS NOT NULL;
      ALTER TABLE invite DROP COLUMN for_user, ALTER COLUMN project_id SET NOT NULL, ALTER COLUMN role SET NOT NULL;
      ALTER TABLE app_user DROP COLUMN device_hashes;
      DROP TABLE audit_event;
      DROP FUNCTION refuse_change`);
  }
}
