import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { normalizeInto } from "../datasets/normalization.js";
import { referenceExecutor } from "../executors/reference/reference-executor.js";
import { loadCApi } from "../executors/tensorflow/c-api.js";
import { findTensorFlow } from "../executors/tensorflow/find-library.js";
import { encodeSessionConfig } from "../executors/tensorflow/graph-def.js";
import { NativeSession } from "../executors/tensorflow/native-session.js";
import { lengthField } from "../executors/tensorflow/protobuf-reader.js";
import { buildEvaluationGraph } from "../graph/evaluation-graph.js";
import { classNames, imageSize, preprocessing, writeTrainedCheckpoint } from "./checkpoint.fixture.js";
import { exportModel } from "./export-model.js";
import { openTrainedModel } from "./trained-model.js";

const library = await findTensorFlow();
const pixels = Float32Array.from({ length: 3 * imageSize * imageSize * 3 }, (_, i) => (i * 2654435761) >>> 24);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-saved-model-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a SavedModel", () => {
  if ("unavailable" in library) {
    it.skip(`skipped: no TensorFlow library (${library.unavailable})`, () => {});
    return;
  }

  it.each(["resnet18", "vit_tiny_patch16_224"])(
    "of %s gives our logits in TensorFlow, for any number of images",
    async (id) => {
      const checkpoint = await writeTrainedCheckpoint(folder, id, `${id}.safetensors`);
      const target = join(folder, id);
      await exportModel({ checkpoint, target: "saved-model", folder: target });
      const graphDef = lengthField(lengthField(await readFile(join(target, "saved_model.pb")), 2)!, 2)!;
      const api = await loadCApi(library.folder, library.core);
      const session = new NativeSession(api, graphDef, encodeSessionConfig({ threads: 1, xla: false }));
      const expected = await expectedLogits(checkpoint);
      const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      for (const count of [3, 1]) {
        const data = pixels.subarray(0, (count * pixels.length) / 3);
        const input = { ref: "images", shape: [count, imageSize, imageSize, 3], data };
        const [logits] = await session.run([input], ["logits"], []);
        expect(logits).toHaveLength(count * classNames.length);
        for (const [i, logit] of logits!.entries()) expect(Math.abs(logit - expected[i]!)).toBeLessThan(1e-5 * largest);
      }
      session.close();
    },
  );
});

async function expectedLogits(checkpoint: string): Promise<Float32Array> {
  const { architecture, values } = await openTrainedModel(checkpoint);
  const { graph, logits } = buildEvaluationGraph({ architecture, imageSize, classes: classNames.length, batchSize: 3 });
  const session = await referenceExecutor.openSession([graph]);
  await session.write(values);
  const images = new Float32Array(pixels.length);
  normalizeInto(images, 0, pixels, { mean: preprocessing.mean, deviation: preprocessing.standardDeviation });
  const [result] = await session.run(graph, { values: [logits], applyUpdates: false }, new Map([["images", images]]));
  return result!;
}
