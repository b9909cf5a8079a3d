import type { MigrationInterface, QueryRunner } from "typeorm";

/** Share links with a password, without names, and in the pages of other sites; and what a frozen link keeps of what stands around its runs. */
export class ShareLinkPrivacy1764000002600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE share_link
        ADD COLUMN password_hash text,
        ADD COLUMN access_changed_at timestamptz(3),
        ADD COLUMN is_anonymous boolean NOT NULL DEFAULT false,
        ADD COLUMN embed_hash bytea UNIQUE,
        ADD COLUMN embed_origins text[] NOT NULL DEFAULT '{}',
        ADD COLUMN frozen_surroundings jsonb,
        ADD CHECK ((embed_hash IS NULL) = (embed_origins = '{}'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE share_link
        DROP COLUMN password_hash, DROP COLUMN access_changed_at, DROP COLUMN is_anonymous, DROP COLUMN embed_hash, DROP COLUMN embed_origins,
        DROP COLUMN frozen_surroundings`);
  }
}
