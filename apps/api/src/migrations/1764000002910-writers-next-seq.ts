import type { MigrationInterface, QueryRunner } from "typeorm";

const assigned = "SET last_seq = seqs[i]";
const counted = "SET last_seq = last_seq + 1";

/**
 * metric_store_next_frames counts a writer's frames on, which is the same: it asks for the one before. Citus 13.2.2 falls over where a function
 * assigns an element whose index is a variable, and takes every connection to the coordinator with it.
 */
export class WritersNextSeq1764000002910 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await replace(runner, assigned, counted);
  }

  async down(runner: QueryRunner): Promise<void> {
    await replace(runner, counted, assigned);
  }
}

async function replace(runner: QueryRunner, from: string, to: string): Promise<void> {
  const [{ definition }] = (await runner.query(
    "SELECT pg_get_functiondef('metric_store_next_frames'::regproc) AS definition",
  )) as [{ definition: string }];
  if (!definition.includes(from)) throw new Error(`metric_store_next_frames has no "${from}"`);
  await runner.query(definition.replace(from, to));
}
