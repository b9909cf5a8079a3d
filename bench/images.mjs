// Claim: the device does not wait for images, and a million of them need no more memory than a listing. Photos of 500 × 375 pixels (made
// here, JPEG) to batches at 224 px: read and decoded once, then varied at each level, and read from the folder each time.
// CPU time an image is what counts on a busy machine. Usage: node bench/images.mjs [threads] [photos]; build packages/model first.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
// @boundaries-ignore what is measured is no part of the package's front
import { loadImages } from "../packages/model/dist/datasets/load-images.js";
// @boundaries-ignore as above
import { TrainingBatches } from "../packages/model/dist/datasets/training-batches.js";

const sharp = createRequire(new URL("../packages/model/package.json", import.meta.url))("sharp");

const [threads = Math.max(1, availableParallelism() - 1), count = 200] = process.argv.slice(2).map(Number);
const million = 1_000_000;
const batchSize = 32;
const preprocessing = { fit: "crop", cropFraction: 0.875, cropRounding: "half-even", interpolation: "bilinear" };
const normalization = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

const folder = await mkdtemp(join(tmpdir(), "residual-bench-images-"));
const options = { folder, imageSize: 224, preprocessing, threads, cacheDirectory: join(folder, "cache") };
try {
  const photos = await makePhotos();
  console.log(`${threads} threads on ${availableParallelism()} cores; load average ${loadavg()[0].toFixed(1)}`);
  let kept;
  await measure("decode and resize once", count, async () => {
    kept = await loadImages(photos, options);
  });
  for (const level of ["NONE", "LIGHT", "STANDARD", "HEAVY"]) await measureBatches(`kept, ${level}`, kept, level, {});
  await measureBatches("kept, HEAVY, mixed", kept, "HEAVY", { mixup: 0.2, cutmix: 1 });
  await kept.close();
  const streaming = { ...options, cacheLimitBytes: 0, cacheDirectory: join(folder, "none") };
  const streamed = await loadImages(photos, streaming);
  await measureBatches("from the folder, LIGHT", streamed, "LIGHT", {});
  await streamed.close();
  await measureMillion(photos, streaming);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Smooth noise: as hard to decode as a photo of that size in bytes. */
async function makePhotos() {
  await mkdir(join(folder, "photos"));
  const photos = [];
  for (let i = 0; i < count; i++) {
    const coarse = Uint8Array.from({ length: 25 * 19 * 3 }, (_, k) => Math.imul(k + i * 997, 0x9e3779b1) >>> 24);
    const bytes = await sharp(coarse, { raw: { width: 25, height: 19, channels: 3 } })
      .resize(500, 375, { kernel: "cubic" })
      .jpeg({ quality: 90 })
      .toBuffer();
    const path = `photos/${i}.jpg`;
    await writeFile(join(folder, path), bytes);
    photos.push({ path, contentHash: createHash("sha256").update(bytes).digest("hex") });
  }
  return photos;
}

function batchesOf(store, augmentation, mixing) {
  const indices = Uint32Array.from({ length: store.count }, (_, i) => i);
  const labels = new Uint16Array(store.count);
  return new TrainingBatches({ store, indices, labels, batchSize, augmentation, normalization, seed: 1, ...mixing });
}

async function measureBatches(name, store, level, mixing) {
  const batches = batchesOf(store, level, mixing);
  for (let step = 0; step < 3; step++) await batches.batch(step);
  const steps = 12;
  await measure(name, steps * batchSize, async () => {
    for (let step = 3; step < 3 + steps; step++) await batches.batch(step);
  });
}

async function measure(name, images, work) {
  const cpuBefore = process.cpuUsage();
  const before = performance.eventLoopUtilization();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const { active } = performance.eventLoopUtilization(before);
  console.log(
    `${name.padEnd(24)} ${(images / seconds).toFixed(0).padStart(6)} images/s; ${((user + system) / 1000 / images).toFixed(2)} ms of CPU ` +
      `and ${(active / images).toFixed(3)} ms of the main thread an image`,
  );
}

/** A listing of a million that names few real files over and over; nothing of it is kept on disk. */
async function measureMillion(photos, streaming) {
  const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);
  const before = megabytes();
  const store = await loadImages(
    Array.from({ length: million }, (_, i) => photos[i % photos.length]),
    streaming,
  );
  const batches = batchesOf(store, "LIGHT", {});
  for (let step = 0; step < 10; step++) await batches.batch(step);
  const early = megabytes();
  for (let step = 10; step < 60; step++) await batches.batch(step);
  console.log(`a million listed: ${before} MB before, ${early} MB after 10 batches, ${megabytes()} MB after 60`);
  await store.close();
}
