import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { resnetSpec, visionTransformerSpec } from "../architectures/registry.js";
import { referenceImages } from "../executors/conformance/reference-stream.js";
import { referenceExecutor } from "../executors/reference/reference-executor.js";
import { buildEvaluationGraph } from "../graph/evaluation-graph.js";
import { fromTorchLayout, torchShape } from "./layout.js";
import { openSafetensors } from "./safetensors-reader.js";

interface NetworkDescription {
  readonly kind: "resnet" | "vit";
  readonly block: "basic" | "bottleneck";
  readonly depths: number[];
  readonly stem: number;
  readonly widths: number[];
  readonly patchSize: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  readonly mlpRatio: number;
  readonly classes: number;
}

interface ValidFile {
  readonly file: string;
  readonly network: NetworkDescription;
  readonly seed: string;
  readonly imageSize: number;
  readonly tensors: number;
  readonly logits: number[][];
}

const fixtures = new URL("./fixtures/", import.meta.url);
const { valid }: { valid: ValidFile[] } = JSON.parse(readFileSync(new URL("valid.json", fixtures), "utf8"));

/** Files that PyTorch wrote fit our networks by name, shape and layout, and give PyTorch's logits to 1e-5 of the largest. */
describe("a file written by PyTorch", () => {
  it.each(valid)("$file", async ({ file: name, network, seed, imageSize, tensors, logits: expected }) => {
    const architecture =
      network.kind === "resnet"
        ? resnetSpec("reduced", "reduced ResNet", 18, network)
        : visionTransformerSpec("reduced", "reduced ViT", network);
    const batchSize = expected.length;
    const evaluation = buildEvaluationGraph({ architecture, imageSize, classes: network.classes, batchSize });
    const file = await openSafetensors(fileURLToPath(new URL(name, fixtures)));
    expect(file.tensors.size).toBe(tensors);
    const session = await referenceExecutor.openSession([evaluation.graph]);
    for (const variable of evaluation.graph.variables) {
      expect(file.tensors.get(variable.name)?.shape, variable.name).toEqual(torchShape(variable));
      const weight = fromTorchLayout(variable, await file.read(variable.name));
      await session.write(new Map([[variable.name, weight]]));
    }
    const feeds = new Map([["images", referenceImages(seed, batchSize, imageSize)]]);
    const fetch = { values: [evaluation.logits], applyUpdates: false };
    const [logits] = await session.run(evaluation.graph, fetch, feeds);
    const flat = expected.flat();
    const largest = Math.max(...flat.map(Math.abs));
    for (const [i, logit] of flat.entries()) expect(Math.abs(logits![i]! - logit)).toBeLessThan(1e-5 * largest);
    await file.close();
  });
});
