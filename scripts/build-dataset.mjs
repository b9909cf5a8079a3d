// Makes datasets/fashion-mnist from the idx files of Zalando's Fashion-MNIST, as Debian's package `dataset-fashion-mnist` has them:
//
//   apt-get download dataset-fashion-mnist && dpkg-deb -x dataset-fashion-mnist_*.deb unpacked
//   node scripts/build-dataset.mjs unpacked/usr/share/datasets/fashion-mnist
//
// The choice is deterministic: of each class the 150 images of the training file whose pixels have the smallest SHA-256.
// A hash is as good as a random draw, needs no seed, and leaves out exact duplicates by itself.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const IMAGES_PER_CLASS = 150;
const SIDE = 28;
const CLASSES = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle-boot"];

const source = process.argv[2];
if (!source) {
  console.error(
    "Usage: node scripts/build-dataset.mjs <folder with train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz>",
  );
  process.exit(2);
}

const root = new URL("..", import.meta.url);
const sharp = createRequire(new URL("packages/model/package.json", root))("sharp");
const target = new URL("datasets/fashion-mnist/", root).pathname;

// An idx file is a header of big-endian 32-bit words (a magic number, then one word a dimension) and the raw bytes.
const images = gunzipSync(await readFile(join(source, "train-images-idx3-ubyte.gz"))).subarray(16);
const labels = gunzipSync(await readFile(join(source, "train-labels-idx1-ubyte.gz"))).subarray(8);

let bytes = 0;
for (const [label, name] of CLASSES.entries()) {
  const candidates = new Map();
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== label) continue;
    const pixels = images.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
    candidates.set(createHash("sha256").update(pixels).digest("hex"), pixels);
  }
  const chosen = [...candidates].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, IMAGES_PER_CLASS);

  const folder = join(target, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [index, [, pixels]] of chosen.entries()) {
    const png = await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 1 } })
      .toColourspace("b-w")
      .png({ compressionLevel: 9, adaptiveFiltering: true })
      .toBuffer();
    bytes += png.length;
    await writeFile(join(folder, `${String(index + 1).padStart(3, "0")}.png`), png);
  }
}
console.log(`${CLASSES.length * IMAGES_PER_CLASS} images, ${bytes} bytes, in ${target}`);
