import { readFileSync } from "node:fs";
import path from "node:path";

/** A case of write-case.mjs: its description, and each batch as feeds. */
export function readCase(folder) {
  const entry = JSON.parse(readFileSync(path.join(folder, "case.json"), "utf8"));
  const images = floatsOf(path.join(folder, "images.bin"));
  const length = entry.batchSize * entry.imageSize ** 2 * 3;
  const batches = entry.labels.map((labels, index) => {
    const targets = new Float32Array(labels.length * entry.classes);
    for (const [row, label] of labels.entries()) targets[row * entry.classes + label] = 1;
    return { images: images.subarray(index * length, (index + 1) * length), targets };
  });
  return { entry, batches };
}

function floatsOf(file) {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
