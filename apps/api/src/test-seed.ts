import type pg from "pg";
import { newId } from "./ids.js";
import { insertExperiment } from "./modules/experiment/experiment.service.js";
import { checkConfig } from "./modules/job/check-config.js";
import { insertDataset } from "./modules/job/scan-dataset.js";
import type { TrainingConfigInput } from "./modules/job/start-run.input.js";
import { insertRun } from "./modules/job/start-run.js";
import type { TestDatabase } from "./test-database.js";
import { transaction } from "./transaction.js";

export interface Seed {
  project: { id: string; distKey: number };
  experiment: { id: string; distKey: number; projectId: string };
  dataset: { id: string };
  workers: string[];
}

export const testConfig: TrainingConfigInput = {
  architecture: "resnet18",
  batchSize: 16,
  epochs: 2,
  learningRate: 1e-3,
  evalEvery: 1,
  imageSize: 32,
  optimizer: "ADAMW",
  warmupFraction: 0.1,
  augmentation: "STANDARD",
  labelSmoothing: 0,
  seed: 0,
};

let projects = 0;

/** A new project with an experiment, a dataset that is scanned, and `workers` workers. The queue is emptied. */
export async function seed({ pool }: TestDatabase, { workers = 1 } = {}): Promise<Seed> {
  const slug = `project-${++projects}`;
  return transaction(pool, async (client) => {
    const { rows } = await client.query<Seed["project"]>(
      `INSERT INTO project (id, slug, name) VALUES ($1, $2, $2) RETURNING id, dist_key AS "distKey"`,
      [newId("prj"), slug],
    );
    const project = rows[0]!;
    const words = { name: "Which backbone?", question: "", selectionMetric: "val/accuracy" };
    const experiment = {
      id: await insertExperiment(client, project, words),
      distKey: project.distKey,
      projectId: project.id,
    };
    const split = { valFraction: 0.15, testFraction: 0.1, splitSeed: 0 };
    const dataset = { id: await insertDataset(client, project, { name: "images", path: "/images", ...split }) };
    await client.query("DELETE FROM job");
    await client.query(
      `UPDATE dataset SET status = 'READY', content_hash = 'c0ffee', scanned_at = now(), image_count = 100,
         classes = '[{"name": "a", "images": 50, "train": 36, "val": 8, "test": 6}, {"name": "b", "images": 50, "train": 36, "val": 8, "test": 6}]'
       WHERE id = $1`,
      [dataset.id],
    );
    return { project, experiment, dataset, workers: await insertWorkers(client, workers) };
  });
}

async function insertWorkers(client: pg.PoolClient, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId("wrk"));
  await client.query(
    `INSERT INTO worker (id, name, host, backend, device, gigaflops, memory_bytes, threads, version, executors)
     SELECT id, id, 'host', 'wasm', 'cpu', 10, 8e9, 2, '1', '[]' FROM unnest($1::text[]) AS id`,
    [ids],
  );
  return ids;
}

/** Queues `count` runs; returns their ids in order. */
export async function queueTestRuns(
  { pool }: TestDatabase,
  { experiment, dataset }: Seed,
  count: number,
): Promise<string[]> {
  return transaction(pool, async (client) => {
    const ids: string[] = [];
    for (let i = 0; i < count; i++) {
      const config = checkConfig("config", { ...testConfig, seed: i });
      ids.push(await insertRun(client, experiment, dataset, { config, tags: [], priority: 0 }));
    }
    return ids;
  });
}
