import "reflect-metadata";
import { gzipSync } from "node:zlib";
import { writeImageList } from "@residual/shared";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { queueTestRuns, type Seed, seed } from "../../test-seed.js";
import { Dataset } from "../dataset/dataset.entity.js";
import { Run } from "../run/run.entity.js";
import { claimJob } from "./claim-job.js";
import { finishJob } from "./finish-job.js";
import { registerDataset, reportDatasetScan, rescanDataset } from "./scan-dataset.js";

let database: TestDatabase;
let seeded: Seed;

beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  seeded = await seed(database);
});
afterAll(() => database.close());

const input = {
  project: "main",
  name: "Screws",
  path: "/data/screws",
  valFraction: 0.15,
  testFraction: 0.1,
  splitSeed: 0,
};
const found = {
  contentHash: "beef",
  imageCount: 3,
  classes: [{ name: "a", images: 3, train: 1, val: 1, test: 1 }],
  duplicates: [{ contentHash: "d0", paths: ["a/1.png", "a/2.png"] }],
  unreadable: [{ path: "a/x.jpg", reason: "no image" }],
  warnings: [],
};
const register = (changes = {}) => registerDataset(database.pool, seeded.project, { ...input, ...changes });
const readDataset = (id: string) => database.db.getRepository(Dataset).findOneByOrFail({ id });

async function claim() {
  const got = await claimJob(database.pool, seeded.workers[0]!, ["SCAN_DATASET"]);
  return { job: got!.jobId, leaseGeneration: got!.leaseGeneration };
}

test("what a scan reports is kept as it was said, and makes the dataset ready", async () => {
  const id = await register();
  expect(await readDataset(id)).toMatchObject({ status: "SCANNING", contentHash: null });
  const lease = await claim();
  await reportDatasetScan(database.pool, { ...lease, ...found });
  await finishJob(database.pool, { ...lease, status: "DONE", stopped: false });
  expect(await readDataset(id)).toMatchObject({ status: "READY", error: null, ...found });
});

const listOf = (...paths: string[]) =>
  gzipSync(writeImageList(paths.map((path) => ({ path, contentHash: "0".repeat(64) })))).toString("base64");
const imagesHash = "ab".repeat(32);

test("which file is which image is kept under the hash that evaluations name", async () => {
  const id = await register();
  const imageLists = [{ split: "val", imagesHash, images: listOf("a/1.png") }];
  await reportDatasetScan(database.pool, { ...(await claim()), ...found, imageLists });
  const { rows } = await database.pool.query("SELECT images_hash FROM dataset_images WHERE dataset_id = $1", [id]);
  expect(rows).toEqual([{ images_hash: imagesHash }]);
});

test.each([
  ["imageLists.split", { split: "train" }],
  ["imageLists.val.imagesHash", { imagesHash: "beef" }],
  ["imageLists.val.images", { images: listOf("a/1.png", "a/2.png") }],
  ["imageLists.val.images", { images: listOf("../etc/1.png") }],
  ["imageLists.val.images", { images: "AAAA" }],
])("a list of images that is none is refused: %s %j", async (field, changes) => {
  await register();
  const imageLists = [{ split: "val", imagesHash, images: listOf("a/1.png"), ...changes }];
  const report = reportDatasetScan(database.pool, { ...(await claim()), ...found, imageLists });
  await expect(report).rejects.toMatchObject({ extensions: { code: "BAD_INPUT", field } });
});

test("a scan that ends without a report, or fails, fails the dataset and the runs that wait for it", async () => {
  const [runId] = await queueTestRuns(database, seeded, 1);
  await rescanDataset(database.pool, await readDataset(seeded.dataset.id));
  const lease = await claim();
  const { changedRuns } = await finishJob(database.pool, {
    ...lease,
    status: "FAILED",
    stopped: false,
    error: "The folder is empty.",
  });
  expect(changedRuns).toEqual([runId]);
  expect(await readDataset(seeded.dataset.id)).toMatchObject({ status: "FAILED", error: "The folder is empty." });
  const run = await database.db.getRepository(Run).findOneByOrFail({ id: runId! });
  expect(run).toMatchObject({ status: "FAILED", error: "The scan of the dataset failed: The folder is empty." });
});

test("one scan at a time", async () => {
  const dataset = await readDataset(seeded.dataset.id);
  await rescanDataset(database.pool, dataset);
  await expect(rescanDataset(database.pool, dataset)).rejects.toMatchObject({ extensions: { code: "CONFLICT" } });
});

test.each([
  ["path", { path: "images" }],
  ["name", { name: "  " }],
  ["valFraction", { valFraction: 0.9 }],
  ["valFraction", { valFraction: Number.NaN }],
  ["testFraction", { testFraction: -0.1 }],
])("bad input names the field: %s %j", async (field, changes) => {
  await expect(register(changes)).rejects.toMatchObject({ extensions: { code: "BAD_INPUT", field } });
});
