import { mkdir, open, writeFile } from "node:fs/promises";
import path from "node:path";
import { architecture, buildTrainingGraph, initializeVariables, toTorchLayout } from "@residual/model";

/** Weights and batches as raw float32 in files, so that both sides compute on the same bits. Returns the folder. */
export async function writeCase(entry, parent) {
  const folder = path.join(parent, entry.name);
  await mkdir(folder, { recursive: true });
  const spec = architecture(entry.id);
  const { graph } = buildTrainingGraph({ ...entry, architecture: spec });
  const initial = initializeVariables(graph, spec.family, 1);
  const weights = [];
  const file = await open(path.join(folder, "weights.bin"), "w");
  for (const variable of graph.variables) {
    if (variable.kind === "slot") continue;
    const data = initial.get(variable.name);
    await file.write(bytesOf(toTorchLayout(variable, data)));
    weights.push({ name: variable.name, length: data.length });
  }
  await file.close();

  const batches = entry.mode === "curve" ? entry.steps : 1;
  const images = await open(path.join(folder, "images.bin"), "w");
  const labels = [];
  const random = generator(7);
  for (let batch = 0; batch < batches; batch++) {
    const batchLabels = Array.from({ length: entry.batchSize }, () => Math.floor(random() * entry.classes));
    await images.write(bytesOf(imagesOf(batchLabels, entry.imageSize, random)));
    labels.push(batchLabels);
  }
  await images.close();
  await writeFile(path.join(folder, "case.json"), JSON.stringify({ ...entry, weights, labels }));
  return folder;
}

/**
 * Images [B,S,S,3] of about unit variance: a wave whose direction and colour tell the class, under so much noise that the loss is
 * still far from zero after 50 steps.
 */
function imagesOf(labels, size, random) {
  const data = new Float32Array(labels.length * size * size * 3);
  let at = 0;
  for (const label of labels) {
    const angle = (Math.PI * label) / 10;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const phase = ((x * column + y * row) * 16) / size;
        for (let channel = 0; channel < 3; channel++) {
          data[at++] = 0.15 * Math.sin(phase + (channel * label) / 3) + 1.7 * (2 * random() - 1);
        }
      }
    }
  }
  return data;
}

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const bytesOf = (data) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
