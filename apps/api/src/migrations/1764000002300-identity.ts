import type { MigrationInterface, QueryRunner } from "typeorm";

/** Whom an OpenID Connect provider knows, and who that is here. Nobody is two people of one provider. */
export class Identity1764000002300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE user_identity (
        issuer text NOT NULL,
        subject text NOT NULL,
        user_id text NOT NULL REFERENCES app_user (id),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (issuer, subject),
        UNIQUE (user_id, issuer)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE user_identity");
  }
}
