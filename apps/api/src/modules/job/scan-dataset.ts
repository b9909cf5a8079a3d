import { isAbsolute, normalize } from "node:path";
import type pg from "pg";
import { AppError, badInput } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { transaction } from "../../transaction.js";
import type { Dataset } from "../dataset/dataset.entity.js";
import { storeImageLists } from "../dataset/store-image-lists.js";
import type { Project } from "../project/project.entity.js";
import { enqueue, isAlreadyQueued } from "./enqueue.js";
import type { ReportDatasetScanInput } from "./job.input.js";
import { holdLease, type LeasedJob } from "./lease.js";
import type { RegisterDatasetInput } from "./start-run.input.js";

/** A scan is quick, and runs wait for it. */
const scanPriority = 10_000;

const fractions = { valFraction: [0.01, 0.5], testFraction: [0, 0.5] } as const;

/** Registers an image folder and queues its scan; returns the dataset's id. Only the worker looks at the folder. */
export async function registerDataset(
  pool: pg.Pool,
  project: Pick<Project, "id" | "distKey">,
  input: RegisterDatasetInput,
): Promise<string> {
  const name = cleanText("name", input.name, { min: 1 });
  const path = cleanText("path", input.path, { min: 1, max: 4_096 });
  if (!isAbsolute(path)) {
    throw badInput(
      "path",
      `path is ${JSON.stringify(path)}; give the whole path from the root, as the worker's machine sees it, e.g. /data/images.`,
    );
  }
  for (const field of ["valFraction", "testFraction"] as const) checkFraction(field, input[field]);
  return transaction(pool, (client) => insertDataset(client, project, { ...input, name, path: normalize(path) }));
}

/** Stores a dataset whose input is checked and queues its scan, in the caller's transaction; returns its id. */
export async function insertDataset(
  client: pg.PoolClient,
  project: Pick<Project, "id" | "distKey">,
  { name, path, valFraction, testFraction, splitSeed }: Omit<RegisterDatasetInput, "project">,
): Promise<string> {
  const id = newId("dst");
  await client.query(
    `INSERT INTO dataset (id, dist_key, project_id, name, path, status, val_fraction, test_fraction, split_seed)
     VALUES ($1, $2, $3, $4, $5, 'SCANNING', $6, $7, $8)`,
    [id, project.distKey, project.id, name, path, valFraction, testFraction, splitSeed],
  );
  await queueScan(client, { id, distKey: project.distKey, projectId: project.id });
  return id;
}

function checkFraction(field: keyof typeof fractions, value: number): void {
  const [min, max] = fractions[field];
  if (value >= min && value <= max) return;
  throw badInput(field, `${field} is ${value}; it is the part of the images kept for that split, ${min} to ${max}.`, [
    min,
    max,
  ]);
}

/** Scans the folder again. Runs that are queued wait for the new result; CONFLICT while a scan is under way. */
export async function rescanDataset(pool: pg.Pool, dataset: Dataset): Promise<void> {
  try {
    await transaction(pool, async (client) => {
      await queueScan(client, dataset);
      await client.query(
        "UPDATE dataset SET status = 'SCANNING', error = NULL, progress = NULL, scanned_at = NULL, content_hash = NULL WHERE id = $1",
        [dataset.id],
      );
    });
  } catch (error) {
    if (!isAlreadyQueued(error)) throw error;
    throw new AppError("CONFLICT", "A scan of this dataset is under way already. Wait for its result.", {
      field: "id",
    });
  }
}

async function queueScan(client: pg.PoolClient, dataset: Pick<Dataset, "id" | "distKey" | "projectId">): Promise<void> {
  const { id: datasetId, distKey, projectId } = dataset;
  await enqueue(client, {
    kind: "SCAN_DATASET",
    distKey,
    projectId,
    runId: null,
    datasetId,
    priority: scanPriority,
    leaseGeneration: 0,
  });
}

/** Keeps what a scan found; the dataset is ready from now on. FENCED when the lease has passed on. */
export async function reportDatasetScan(pool: pg.Pool, input: ReportDatasetScanInput): Promise<LeasedJob> {
  return transaction(pool, async (client) => {
    const job = await holdLease(client, input.job, input.leaseGeneration);
    if (job.kind !== "SCAN_DATASET") throw badInput("job", "job trains a run; only scans report what they found.");
    await client.query(
      `UPDATE dataset SET status = 'READY', scanned_at = now(), progress = NULL, error = NULL, content_hash = $2, image_count = $3,
         classes = $4, duplicates = $5, unreadable = $6, warnings = $7
       WHERE id = $1`,
      [
        job.datasetId,
        input.contentHash,
        input.imageCount,
        JSON.stringify(input.classes),
        JSON.stringify(input.duplicates),
        JSON.stringify(input.unreadable),
        JSON.stringify(input.warnings),
      ],
    );
    await storeImageLists(client, { id: job.datasetId!, distKey: job.distKey }, input.imageLists ?? [], input.classes);
    return job;
  });
}
