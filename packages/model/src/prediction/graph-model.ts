import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { ExportError } from "../export/export-error.js";
import { loadTensorFlowJs } from "../tf.js";
import { descriptionFromMetadata } from "../weights/model-description.js";
import { isJsonObject, type JsonObject, readJsonObject } from "../weights/pretrained/read-json.js";
import type { Classifier } from "./classifier.js";

const require = createRequire(import.meta.url);

/**
 * A TensorFlow.js graph model, run by TensorFlow.js itself as a browser would: what it answers here is what it answers there. Throws an
 * ExportError for one that says nothing of its classes and images, or whose weights are missing.
 */
export async function openGraphModel(folder: string): Promise<Classifier> {
  const path = join(folder, "model.json");
  const content = (await readJsonObject(path))!;
  const { userDefinedMetadata: metadata } = content;
  const said = descriptionFromMetadata(
    new Map(Object.entries(isJsonObject(metadata) ? metadata : {}) as [string, string][]),
  );
  const { architecture, imageSize, classNames, preprocessing } = said;
  if (!imageSize || !classNames || !preprocessing) {
    throw new ExportError(
      `${path} does not say which classes it knows and how images are prepared: Residual did not write it. Export the weights again with npm run export.`,
    );
  }
  const artifacts = await readArtifacts(folder, content);
  const tf = loadTensorFlowJs();
  require("@tensorflow/tfjs-backend-wasm");
  const device = (await tf.setBackend("wasm")) ? "wasm" : "cpu";
  if (device === "cpu") await tf.setBackend("cpu");
  return {
    path: folder,
    network: architecture ?? "graph model",
    device: `TensorFlow.js ${tf.version.tfjs}, ${device}`,
    imageSize,
    classNames,
    preprocessing,
    async open() {
      const model = await tf.loadGraphModel(tf.io.fromMemory(artifacts));
      return {
        async logits(images) {
          const shape: [number, number, number, number] = [
            images.length / (imageSize ** 2 * 3),
            imageSize,
            imageSize,
            3,
          ];
          const input = tf.tensor4d(images, shape);
          const output = model.execute({ images: input }, "logits") as import("@tensorflow/tfjs").Tensor;
          const logits = Float32Array.from(await output.data());
          input.dispose();
          output.dispose();
          return logits;
        },
        close: () => model.dispose(),
      };
    },
  };
}

interface ManifestGroup {
  readonly paths: readonly string[];
  readonly weights: import("@tensorflow/tfjs").io.WeightsManifestEntry[];
}

/** The topology with all weights in memory. Shards are taken from this folder alone, whatever their paths say. */
async function readArtifacts(
  folder: string,
  content: JsonObject,
): Promise<import("@tensorflow/tfjs").io.ModelArtifacts> {
  const groups = content.weightsManifest as readonly ManifestGroup[];
  const shards = await Promise.all(
    groups.flatMap(({ paths }) =>
      paths.map((path) =>
        readFile(join(folder, basename(path))).catch((error: Error) => {
          throw new ExportError(`${folder} lacks a part of its weights: ${error.message}. Export them again.`, {
            cause: error,
          });
        }),
      ),
    ),
  );
  const whole = new Uint8Array(shards.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const shard of shards) {
    whole.set(shard, at);
    at += shard.length;
  }
  return {
    modelTopology: content.modelTopology as object,
    format: "graph-model",
    signature: content.signature as object,
    weightSpecs: groups.flatMap(({ weights }) => weights),
    weightData: whole.buffer,
  };
}
