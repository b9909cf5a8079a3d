import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { normalizeInto } from "../datasets/normalization.js";
import type { Executor } from "../executors/executor.js";
import { openWasm } from "../executors/wasm/wasm-executor.js";
import { buildEvaluationGraph } from "../graph/evaluation-graph.js";
import { loadTensorFlowJs } from "../tf.js";
import { PretrainedError } from "../weights/pretrained/pretrained-error.js";
import { openSafetensors } from "../weights/safetensors-reader.js";
import { type TensorSource, writeSafetensors } from "../weights/safetensors-writer.js";
import { classNames, imageSize, preprocessing, writeTrainedCheckpoint } from "./checkpoint.fixture.js";
import { ExportError } from "./export-error.js";
import { exportModel } from "./export-model.js";
import { openTrainedModel, type TrainedModel } from "./trained-model.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-export-"));
});
afterAll(() => rm(folder, { recursive: true }));

const pixels = Uint8Array.from({ length: 2 * imageSize * imageSize * 3 }, (_, i) => (i * 2654435761) >>> 24);

/** What our own executor answers for two images. */
async function expectedLogits({ architecture: spec, values }: TrainedModel): Promise<Float32Array> {
  const options = { architecture: spec, imageSize, classes: classNames.length, batchSize: 2 };
  const { graph, logits } = buildEvaluationGraph(options);
  const executor = (await openWasm()) as Executor;
  const session = await executor.openSession([graph]);
  await session.write(values);
  const images = new Float32Array(pixels.length);
  normalizeInto(images, 0, pixels, { mean: preprocessing.mean, deviation: preprocessing.standardDeviation });
  const [result] = await session.run(graph, { values: [logits], applyUpdates: false }, new Map([["images", images]]));
  session.dispose();
  return result!;
}

function digest(values: TrainedModel["values"]): string {
  const hash = createHash("sha256");
  for (const name of [...values.keys()].sort()) hash.update(name).update(values.get(name)!);
  return hash.digest("hex");
}

function expectClose(actual: ArrayLike<number>, expected: Float32Array): void {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-4 * largest);
}

const architectures = ["resnet18", "vit_tiny_patch16_224"];

describe.each(architectures)("%s", (id) => {
  let checkpoint: string;
  let model: TrainedModel;
  beforeAll(async () => {
    checkpoint = await writeTrainedCheckpoint(folder, id, `${id}.safetensors`);
    model = await openTrainedModel(checkpoint);
  });

  it("as a TensorFlow.js graph model gives our logits for any number of images, from a web server", async () => {
    const target = join(folder, `${id}-tfjs`);
    const { files } = await exportModel({ checkpoint, target: "tfjs", folder: target });
    expect(
      Math.max(...files.filter(({ name }) => name.endsWith(".bin")).map(({ bytes }) => bytes)),
    ).toBeLessThanOrEqual(4 * 2 ** 20);
    const server = createServer((request, response) => {
      readFile(join(target, request.url!)).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const tf = loadTensorFlowJs();
    await tf.setBackend("cpu");
    const loaded = await tf.loadGraphModel(`http://127.0.0.1:${(server.address() as AddressInfo).port}/model.json`);
    const expected = await expectedLogits(model);
    for (const count of [2, 1]) {
      const images = tf.tensor4d(Float32Array.from(pixels.subarray(0, (count * pixels.length) / 2)), [
        count,
        imageSize,
        imageSize,
        3,
      ]);
      const [logits, probabilities] = loaded.execute({ images }, [
        "logits",
        "probabilities",
      ]) as import("@tensorflow/tfjs").Tensor[];
      expectClose(await logits!.data(), expected.subarray(0, count * classNames.length));
      const sum = Array.from(await probabilities!.data()).reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo(count, 4);
    }
    loaded.dispose();
    server.closeAllConnections();
    server.close();
  });

  it("as a folder for timm opens again as the same model", async () => {
    const target = join(folder, `${id}-timm`);
    await exportModel({ checkpoint, target: "safetensors", folder: target });
    const names = ["config.json", "model.safetensors", "preprocessor_config.json"];
    expect((await readdir(target)).sort()).toEqual(names);
    const opened = await openTrainedModel(target);
    expect({ ...opened, values: digest(opened.values) }).toEqual({
      ...model,
      path: target,
      values: digest(model.values),
    });
    const config = JSON.parse(await readFile(join(target, "config.json"), "utf8"));
    expect(config).toMatchObject({ architecture: id, num_classes: 3, label_names: classNames });
    expect(config.pretrained_cfg).toMatchObject({
      input_size: [3, 32, 32],
      crop_pct: 0.875,
      interpolation: "bilinear",
    });
  });

  it("as a SavedModel has its weights, its signature and the names of its classes", async () => {
    const target = join(folder, `${id}-saved`);
    await exportModel({ checkpoint, target: "saved-model", folder: target });
    const bytes = await readFile(join(target, "saved_model.pb"));
    for (const text of ["serve", "serving_default", "tensorflow/serving/predict", "probabilities:0"]) {
      expect(bytes.includes(text), text).toBe(true);
    }
    const head = [...model.values].find(([name]) => /^(fc|head)\.weight/.test(name))![1];
    expect(bytes.includes(Buffer.from(head.buffer, head.byteOffset, head.byteLength))).toBe(true);
    expect((await stat(join(target, "variables"))).isDirectory()).toBe(true);
    expect(await readFile(join(target, "assets.extra", "labels.txt"), "utf8")).toBe("bag\ncoat\ndress, long\n");
  });
});

describe("a run's folder of checkpoints", () => {
  it("gives the one that scored best", async () => {
    const run = await mkdtemp(join(folder, "run-"));
    const inRun = (name: string, metadata: Record<string, string>) =>
      writeTrainedCheckpoint(folder, "vit_tiny_patch16_224", join(run.slice(folder.length + 1), name), metadata);
    await inRun("step-000000001.safetensors", { valAccuracy: "0.5", valLoss: "1" });
    const best = await inRun("step-000000002.safetensors", { valAccuracy: "0.9", valLoss: "0.4" });
    await inRun("step-000000003.safetensors", {});
    expect((await openTrainedModel(run)).path).toBe(best);
  });

  it("gives the averages of the weights where training kept them", async () => {
    const path = await writeTrainedCheckpoint(folder, "vit_tiny_patch16_224", "plain.safetensors");
    const file = await openSafetensors(path);
    const tensors: TensorSource[] = [];
    for (const [name, { shape }] of file.tensors) {
      const data = await file.read(name);
      tensors.push({ name, shape, data: () => data });
      if (!name.includes("/")) tensors.push({ name: `ema/${name}`, shape, data: () => data.map((value) => value / 2) });
    }
    const averaged = join(folder, "averaged.safetensors");
    await writeSafetensors(averaged, tensors, Object.fromEntries(file.metadata));
    await file.close();
    const [plain, mean] = await Promise.all([path, averaged].map(openTrainedModel));
    const [first, half] = [plain, mean].map((model) => model!.values.get("norm.weight")![0]!);
    expect(half).toBe(first! / 2);
  });
});

describe("a folder of timm's", () => {
  it("is opened by what its config.json says, without anything of ours in the weights", async () => {
    const checkpoint = await writeTrainedCheckpoint(folder, "vit_tiny_patch16_224", "source.safetensors");
    const target = join(folder, "foreign");
    await exportModel({ checkpoint, target: "safetensors", folder: target });
    const weights = join(target, "model.safetensors");
    const file = await openSafetensors(weights);
    const tensors: TensorSource[] = [];
    for (const [name, { shape }] of file.tensors) {
      const data = await file.read(name);
      tensors.push({ name, shape, data: () => data });
    }
    await file.close();
    await writeSafetensors(weights, tensors);
    const opened = await openTrainedModel(target);
    expect(opened.architecture.id).toBe("vit_tiny_patch16_224");
    expect(opened.imageSize).toBe(imageSize);
    expect(opened.classNames).toEqual(classNames);
    // timm has one way to round crops.
    expect(opened.preprocessing).toEqual({ ...preprocessing, cropRounding: "half-even" });
  });
});

describe("what cannot be exported", () => {
  it("is refused with the reason, and nothing is left behind", async () => {
    const full = await mkdtemp(join(folder, "full-"));
    await writeFile(join(full, "note.txt"), "mine");
    const checkpoint = await writeTrainedCheckpoint(folder, "vit_tiny_patch16_224", "plain.safetensors");
    const refused = exportModel({ checkpoint, target: "tfjs", folder: full });
    await expect(refused).rejects.toBeInstanceOf(ExportError);
    await expect(refused).rejects.toThrow("is not empty");
    expect(await readdir(full)).toEqual(["note.txt"]);

    const unknown = await writeTrainedCheckpoint(folder, "vit_tiny_patch16_224", "unknown.safetensors", {
      architecture: "alexnet",
    });
    await expect(openTrainedModel(unknown)).rejects.toThrow(/architecture "alexnet"; Residual knows resnet18/);
    const renamed = { classNames: JSON.stringify(["a"]) };
    const few = await writeTrainedCheckpoint(folder, "vit_tiny_patch16_224", "few.safetensors", renamed);
    await expect(openTrainedModel(few)).rejects.toThrow("3 logits, but 1 classes are named");
    const absent = exportModel({ checkpoint: join(folder, "absent"), target: "tfjs", folder: join(folder, "never") });
    await expect(absent).rejects.toBeInstanceOf(PretrainedError);
    expect((await readdir(folder)).filter((name) => name.includes("never"))).toEqual([]);
  });
});
