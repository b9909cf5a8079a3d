import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Executor } from "../executors/executor.js";
import { findTensorFlow } from "../executors/tensorflow/find-library.js";
import { openWasm } from "../executors/wasm/wasm-executor.js";
import { classNames, writeTrainedCheckpoint } from "../export/checkpoint.fixture.js";
import { exportModel } from "../export/export-model.js";
import type { Classifier } from "./classifier.js";
import { openClassifier } from "./open-classifier.js";
import { type Prediction, predict } from "./predict.js";

const dataset = fileURLToPath(new URL("../../../../datasets/fashion-mnist/", import.meta.url));
const images = ["bag", "coat", "dress"].flatMap((name) =>
  ["001", "002", "003"].map((n) => join(dataset, name, `${n}.png`)),
);
const library = await findTensorFlow();

let folder: string;
let checkpoint: string;
let classifier: Classifier;
const wasm = async () => (await openWasm()) as Executor;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-predict-"));
  checkpoint = await writeTrainedCheckpoint(folder, "vit_tiny_patch16_224", "vit.safetensors");
  classifier = await openClassifier(checkpoint, wasm);
});
afterAll(() => rm(folder, { recursive: true }));

async function ask(asked: Classifier, paths: readonly string[]): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for await (const prediction of predict(asked, paths)) predictions.push(prediction);
  return predictions;
}

function scoresOf(prediction: Prediction | undefined) {
  if (!prediction || !("scores" in prediction)) throw new Error(prediction?.problem ?? "no answer");
  return prediction.scores;
}

describe("predict", () => {
  it("answers every image in order, each as if it were asked alone", async () => {
    const together = await ask(classifier, images);
    expect(together.map(({ image }) => image)).toEqual(images);
    for (const [index, prediction] of together.entries()) {
      const scores = scoresOf(prediction);
      expect(scores.map(({ className }) => className).sort()).toEqual([...classNames].sort());
      expect(scores.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
      expect(scores[0]!.probability).toBe(Math.max(...scores.map(({ probability }) => probability)));
      if (index % 4 !== 0) continue;
      const [alone] = await ask(classifier, [images[index]!]);
      expect(scoresOf(alone)[0]!.className).toBe(scores[0]!.className);
      expect(scoresOf(alone)[0]!.probability).toBeCloseTo(scores[0]!.probability, 4);
    }
  });

  it("says why an image cannot be read, and answers the others", async () => {
    const text = join(folder, "text.png");
    await writeFile(text, "no picture");
    const [first, second, third] = await ask(classifier, [text, images[0]!, join(folder, "absent.png")]);
    expect(first).toMatchObject({ image: text, problem: expect.stringContaining("not an image") });
    expect(second).toHaveProperty("scores");
    expect(third).toMatchObject({ problem: expect.stringContaining("no such file") });
  });
});

/** An exported folder answers as the checkpoint that it was made of. */
async function expectSameAnswers(target: "tfjs" | "saved-model" | "safetensors"): Promise<Classifier> {
  const exported = join(folder, target);
  await exportModel({ checkpoint, target, folder: exported });
  const opened = await openClassifier(exported, wasm);
  const [expected, answers] = [await ask(classifier, images), await ask(opened, images)];
  for (const [index, answer] of answers.entries()) {
    const wanted = scoresOf(expected[index]);
    const given = scoresOf(answer);
    expect(given[0]!.className).toBe(wanted[0]!.className);
    const byName = new Map(given.map(({ className, probability }) => [className, probability]));
    for (const { className, probability } of wanted) expect(byName.get(className)).toBeCloseTo(probability, 4);
  }
  return opened;
}

describe("an exported model", () => {
  it("answers as its checkpoint does: weights for timm", async () => {
    await expectSameAnswers("safetensors");
  });

  it("answers as its checkpoint does: a TensorFlow.js graph model, by TensorFlow.js itself", async () => {
    const { device, network } = await expectSameAnswers("tfjs");
    expect(device).toMatch(/^TensorFlow\.js \d.*, (wasm|cpu)$/);
    expect(network).toBe("vit_tiny_patch16_224");
  });

  it("that lacks a part of its weights is refused with the part's name", async () => {
    const exported = join(folder, "torn");
    await exportModel({ checkpoint, target: "tfjs", folder: exported });
    const [shard] = (await readdir(exported)).filter((name) => name.endsWith(".bin"));
    await rm(join(exported, shard!));
    await expect(openClassifier(exported, wasm)).rejects.toThrow(new RegExp(`lacks a part of its weights.*${shard}`));
  });

  it("of somebody else's making is refused where it says nothing of its classes", async () => {
    const foreign = await mkdtemp(join(folder, "foreign-"));
    await writeFile(join(foreign, "model.json"), JSON.stringify({ format: "graph-model", weightsManifest: [] }));
    await expect(openClassifier(foreign, wasm)).rejects.toThrow("Residual did not write it");
    const saved = await mkdtemp(join(folder, "foreign-"));
    await writeFile(join(saved, "saved_model.pb"), "");
    await expect(openClassifier(saved, wasm)).rejects.toThrow("Residual did not write it");
  });

  if ("unavailable" in library) {
    it("as a SavedModel needs TensorFlow's library, and says where it comes from", async () => {
      const exported = join(folder, "saved");
      await exportModel({ checkpoint, target: "saved-model", folder: exported });
      await expect(openClassifier(exported, wasm)).rejects.toThrow(/TensorFlow's library.*npm run native/s);
    });
  } else {
    it("answers as its checkpoint does: a SavedModel, by TensorFlow", async () => {
      const { device } = await expectSameAnswers("saved-model");
      expect(device).toMatch(/^TensorFlow 2\./);
    });
  }
});
