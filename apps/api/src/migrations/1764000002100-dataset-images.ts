import type { MigrationInterface, QueryRunner } from "typeorm";

/** Which file is which image of the splits that are scored image by image: under the hash that evaluations name, so that a later scan changes nothing for them. */
export class DatasetImages1764000002100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dataset_images (
        dataset_id text NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
        images_hash text NOT NULL,
        dist_key bigint NOT NULL,
        images bytea NOT NULL,
        scanned_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT pk_dataset_images PRIMARY KEY (dataset_id, images_hash)
      );
      -- Compressed already.
      ALTER TABLE dataset_images ALTER COLUMN images SET STORAGE EXTERNAL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE dataset_images");
  }
}
