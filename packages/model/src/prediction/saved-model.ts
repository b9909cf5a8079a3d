import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { loadCApi } from "../executors/tensorflow/c-api.js";
import { findTensorFlow } from "../executors/tensorflow/find-library.js";
import { encodeSessionConfig } from "../executors/tensorflow/graph-def.js";
import { NativeSession } from "../executors/tensorflow/native-session.js";
import { lengthField } from "../executors/tensorflow/protobuf-reader.js";
import { ExportError } from "../export/export-error.js";
import { readCheckpointConfig } from "../weights/pretrained/checkpoint-config.js";
import { readJsonObject } from "../weights/pretrained/read-json.js";
import type { Classifier } from "./classifier.js";

/** Numbers of fields: SavedModel.meta_graphs and MetaGraphDef.graph_def. */
const graphDefPath = [2, 2] as const;

/**
 * A SavedModel that Residual wrote, run by TensorFlow's own library. Throws an ExportError where there is no such library, or for a
 * SavedModel of somebody else: that says neither what its classes are called nor how its images are prepared.
 */
export async function openSavedModel(folder: string): Promise<Classifier> {
  const assets = join(folder, "assets.extra");
  const labels = await readFile(join(assets, "labels.txt"), "utf8").catch(() => undefined);
  const { preprocessing } = await readCheckpointConfig(assets);
  const imageSize = await imageSizeOf(join(assets, "preprocessor_config.json"));
  if (labels === undefined || preprocessing === undefined || imageSize === undefined) {
    throw new ExportError(
      `${folder} does not say which classes it knows and how images are prepared: Residual did not write it. Export the weights again with npm run export.`,
    );
  }
  const library = await findTensorFlow();
  if ("unavailable" in library) {
    throw new ExportError(
      `A SavedModel is run by TensorFlow's library, and none was found (${library.unavailable}). Fetch one with npm run native, or name the checkpoint instead.`,
    );
  }
  const api = await loadCApi(library.folder, library.core);
  const path = join(folder, "saved_model.pb");
  const graphDef = graphDefPath.reduce<Uint8Array | undefined>(
    (message, field) => message && lengthField(message, field),
    await readFile(path),
  );
  if (!graphDef) throw new ExportError(`${path} holds no graph: it is damaged. Export the weights again.`);
  return {
    path: folder,
    network: "SavedModel",
    device: `TensorFlow ${api.version()}`,
    imageSize,
    classNames: labels.trimEnd().split("\n"),
    preprocessing,
    async open() {
      const session = new NativeSession(
        api,
        graphDef,
        encodeSessionConfig({ threads: availableParallelism(), xla: false }),
      );
      return {
        async logits(images) {
          const shape = [images.length / (imageSize ** 2 * 3), imageSize, imageSize, 3];
          const [logits] = await session.run([{ ref: "images", shape, data: images }], ["logits"], []);
          return logits!;
        },
        close: () => session.close(),
      };
    },
  };
}

/** What `preprocessorConfig` wrote as the size. */
async function imageSizeOf(path: string): Promise<number | undefined> {
  const { size } = ((await readJsonObject(path)) ?? {}) as { size?: { shortest_edge?: number; height?: number } };
  const side = size?.shortest_edge ?? size?.height;
  return Number.isInteger(side) ? side : undefined;
}
