import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { encodeBase64, type ListedImage, packPredictions, writeImageList } from "@residual/shared";
import type { Pool } from "pg";
import { newId } from "../../ids.js";
import { transaction } from "../../transaction.js";
import { storeImageLists } from "../dataset/store-image-lists.js";
import type { TestRun } from "../metric/test-run.fixture.js";

export const shippedDataset = new URL("../../../../../datasets/fashion-mnist", import.meta.url).pathname;

/** Files of the shipped dataset with their classes' names, `perClass` of each class. */
export function shippedFiles(perClass: number): string[] {
  const classes = readdirSync(shippedDataset, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return classes.flatMap(({ name }) =>
    readdirSync(join(shippedDataset, name))
      .sort()
      .slice(0, perClass)
      .map((file) => `${name}/${file}`),
  );
}

export const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");

/** A dataset whose folder holds these files, all of them val, in this order. `contentOf` stands in for files that are not there. */
export type ScannedFolder = {
  readonly folder: string;
  readonly files: readonly string[];
  readonly contentOf?: (file: string) => Uint8Array;
};

/** A scanned dataset, to which the runs are moved; returns the hash that names its val images. */
export async function insertScannedDataset(
  pool: Pool,
  runs: readonly TestRun[],
  { folder, files, contentOf }: ScannedFolder,
): Promise<{ id: string; imagesHash: string }> {
  const { projectId, distKey } = runs[0]!;
  const id = newId("dst");
  const names = [...new Set(files.map((file) => file.split("/")[0]!))];
  const classes = names.map((name) => {
    const val = files.filter((file) => file.startsWith(`${name}/`)).length;
    return { name, images: val, train: 0, val, test: 0 };
  });
  await pool.query(
    `INSERT INTO dataset (id, dist_key, project_id, name, path, status, image_count, classes, val_fraction, test_fraction, split_seed)
     VALUES ($1, $2, $3, 'Clothes', $4, 'READY', $5, $6, 0.15, 0.1, 0)`,
    [id, distKey, projectId, folder, files.length, JSON.stringify(classes)],
  );
  const list = valList(
    files.map((path) => ({ path, contentHash: sha256(contentOf?.(path) ?? readFileSync(join(folder, path))) })),
  );
  await transaction(pool, (client) => storeImageLists(client, { id, distKey }, [list], classes));
  await pool.query("UPDATE run SET dataset_id = $1 WHERE id = ANY($2)", [id, runs.map((run) => run.id)]);
  return { id, imagesHash: list.imagesHash };
}

/** The val split of these images as a scan reports it. */
export function valList(images: readonly ListedImage[]): { split: string; imagesHash: string; images: string } {
  const lines = images.map(({ path, contentHash }) => `${path.split("/")[0]}\t${contentHash}\n`);
  return {
    split: "val",
    imagesHash: sha256(lines.join("")),
    images: gzipSync(writeImageList(images)).toString("base64"),
  };
}

/** Input of an evaluation that took image `i` for class `taken[i]` with `confidences[i]`, where `labels[i]` is right. */
export function evaluationInput(
  run: TestRun,
  imagesHash: string,
  labels: readonly number[],
  taken: readonly number[],
  confidences: readonly number[],
) {
  const correct = Uint8Array.from(labels, (label, i) => (taken[i] === label ? 1 : 0));
  const right = correct.reduce((sum, one) => sum + one, 0);
  const packed = packPredictions({
    predictions: Uint16Array.from(taken),
    confidences: Float32Array.from(confidences),
    correct,
  });
  return {
    ...{ run: run.id, epoch: 1, step: 10 },
    train: { examples: 100, correct: 90, meanLoss: 0.3 },
    val: { examples: labels.length, correct: right, meanLoss: 0.5, imagesHash, predictions: encodeBase64(packed) },
  };
}
