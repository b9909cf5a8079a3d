import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ArchitectureSpec, resnetSpec, visionTransformerSpec } from "../../architectures/registry.js";
import { referenceImages } from "../../executors/conformance/reference-stream.js";
import { referenceExecutor } from "../../executors/reference/reference-executor.js";
import { buildEvaluationGraph } from "../../graph/evaluation-graph.js";
import { openSafetensors } from "../safetensors-reader.js";
import { type TensorSource, writeSafetensors } from "../safetensors-writer.js";
import { loadPretrained, type PretrainedOptions } from "./load-pretrained.js";
import { PretrainedError } from "./pretrained-error.js";

interface ValidFile {
  readonly file: string;
  readonly layout: string;
  readonly network: { kind: "resnet" | "vit"; classes: number } & Parameters<typeof resnetSpec>[3] &
    Parameters<typeof visionTransformerSpec>[2];
  readonly seed: string;
  readonly imageSize: number;
  readonly logits: number[][];
}

const fixtures = fileURLToPath(new URL("../fixtures/", import.meta.url));
const { valid }: { valid: ValidFile[] } = JSON.parse(await readFile(join(fixtures, "valid.json"), "utf8"));
const vitFile = join(fixtures, "vit-timm.safetensors");

const specOf = ({ network }: ValidFile): ArchitectureSpec =>
  network.kind === "resnet"
    ? resnetSpec("reduced_resnet", "reduced ResNet", 18, network)
    : visionTransformerSpec("reduced_vit", "reduced ViT", network);

const vit = valid.find(({ file }) => file === "vit-timm.safetensors")!;
const forVit: PretrainedOptions = { source: vitFile, architecture: specOf(vit), imageSize: 32, classes: 5, seed: 1 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-pretrained-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The tensors of a file, changed and written anew. */
async function rewrite(
  source: string,
  name: string,
  change: (tensors: Map<string, TensorSource>) => void,
): Promise<string> {
  const file = await openSafetensors(source);
  const tensors = new Map<string, TensorSource>();
  for (const [key, { shape }] of file.tensors) {
    const data = await file.read(key);
    tensors.set(key, { name: key, shape, data: () => data });
  }
  await file.close();
  change(tensors);
  const path = join(folder, name);
  await writeSafetensors(path, [...tensors.values()]);
  return path;
}

async function logitsOf({ architecture, imageSize, classes, source, seed }: PretrainedOptions, images: Float32Array) {
  const { values } = await loadPretrained({ source, architecture, imageSize, classes, seed });
  const batchSize = images.length / (imageSize * imageSize * 3);
  const { graph, logits } = buildEvaluationGraph({ architecture, imageSize, classes, batchSize });
  const session = await referenceExecutor.openSession([graph]);
  await session.write(values);
  const [result] = await session.run(graph, { values: [logits], applyUpdates: false }, new Map([["images", images]]));
  return result!;
}

describe("a checkpoint of another library", () => {
  it.each(valid)("$file gives PyTorch's logits to 1e-5 of the largest", async (fixture) => {
    const { file, layout, imageSize, network, seed, logits: expected } = fixture;
    const source = join(fixtures, file);
    const options = { source, architecture: specOf(fixture), imageSize, classes: network.classes, seed: 1 };
    const logits = await logitsOf(options, referenceImages(seed, expected.length, imageSize));
    const flat = expected.flat();
    const largest = Math.max(...flat.map(Math.abs));
    for (const [i, logit] of flat.entries()) expect(Math.abs(logits[i]! - logit)).toBeLessThan(1e-5 * largest);
    const { report } = await loadPretrained(options);
    // A ResNet's names are the same in timm and torchvision.
    expect(report.layout).toBe(layout === "torchvision" ? "timm" : layout);
    expect(report.files[0]!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect([report.replaced, report.ignored, report.resized]).toEqual([[], [], undefined]);
  });

  it("loads from a backbone without prefix and classifier as with them, and says that the head is new", async () => {
    const hf = join(fixtures, "vit-hf.safetensors");
    const bare = await rewrite(hf, "bare.safetensors", (tensors) => {
      for (const [key, tensor] of Array.from(tensors)) {
        tensors.delete(key);
        if (key.startsWith("vit.")) tensors.set(key, { ...tensor, name: key.slice("vit.".length) });
      }
      tensors.set("pooler", { name: "pooler.dense.bias", shape: [1], data: () => Float32Array.of(0) });
    });
    const [whole, backbone] = await Promise.all([hf, bare].map((source) => loadPretrained({ ...forVit, source })));
    expect(backbone!.report.layout).toBe("huggingface");
    expect(backbone!.report.replaced).toEqual(["head.weight", "head.bias"]);
    expect(backbone!.report.ignored).toEqual(["pooler.dense.bias"]);
    expect(backbone!.values.get("blocks.1.attn.qkv.weight")).toEqual(whole!.values.get("blocks.1.attn.qkv.weight"));
  });

  it("recognises torchvision's ViT, whose names are its own", async () => {
    const rename = (key: string) =>
      key
        .replace(/^cls_token$/, "class_token")
        .replace(/^pos_embed$/, "encoder.pos_embedding")
        .replace(/^patch_embed\.proj/, "conv_proj")
        .replace(/^blocks\.(\d+)/, "encoder.layers.encoder_layer_$1")
        .replace(/\.norm([12])\./, ".ln_$1.")
        .replace(/\.attn\.qkv\./, ".self_attention.in_proj_")
        .replace(/\.attn\.proj\./, ".self_attention.out_proj.")
        .replace(/\.mlp\.fc1\./, ".mlp.0.")
        .replace(/\.mlp\.fc2\./, ".mlp.3.")
        .replace(/^norm\./, "encoder.ln.")
        .replace(/^head\./, "heads.head.");
    const source = await rewrite(vitFile, "torchvision.safetensors", (tensors) => {
      for (const [key, tensor] of Array.from(tensors)) {
        tensors.delete(key);
        tensors.set(rename(key), { ...tensor, name: rename(key) });
      }
    });
    const [expected, actual] = await Promise.all(
      [vitFile, source].map((path) => loadPretrained({ ...forVit, source: path })),
    );
    expect(actual!.report.layout).toBe("torchvision");
    expect(actual!.values).toEqual(expected!.values);
  });
});

describe("the head", () => {
  it("starts a ViT at zero for another number of classes, everything else loads", async () => {
    const { values, report } = await loadPretrained({ ...forVit, classes: 9 });
    expect(values.get("head.weight")).toEqual(new Float32Array(48 * 9));
    expect(values.get("head.bias")).toEqual(new Float32Array(9));
    expect(values.get("blocks.0.norm1.weight")).toEqual(
      (await loadPretrained(forVit)).values.get("blocks.0.norm1.weight"),
    );
    expect(report.replaced).toEqual(["head.weight", "head.bias"]);
    expect(report.notes.join(" ")).toContain("9 classes; it starts at zero");
  });

  it("starts a ResNet as PyTorch's linear layer, the same for a seed", async () => {
    const fixture = valid.find(({ network }) => network.kind === "resnet")!;
    const options = { source: join(fixtures, fixture.file), architecture: specOf(fixture), imageSize: 64, classes: 3 };
    const [first, again, other] = await Promise.all([1, 1, 2].map((seed) => loadPretrained({ ...options, seed })));
    const weight = first!.values.get("fc.weight")!;
    const bound = 1 / Math.sqrt(weight.length / 3);
    const largest = weight.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.95 * bound);
    expect(again!.values.get("fc.weight")).toEqual(weight);
    expect(other!.values.get("fc.weight")).not.toEqual(weight);
  });
});

describe("another image size", () => {
  it("resizes the position embedding by the convention of the checkpoint's library, and says so", async () => {
    const [timm, hf] = await Promise.all(
      ["vit-timm", "vit-hf"].map((name) =>
        loadPretrained({ ...forVit, source: join(fixtures, `${name}.safetensors`), imageSize: 64 }),
      ),
    );
    expect(timm!.report.resized).toEqual({ from: 2, to: 4 });
    expect(timm!.report.notes.join(" ")).toContain("from 2 × 2 to 4 × 4 patches");
    expect(timm!.values.get("pos_embed")).toHaveLength(17 * 48);
    expect(timm!.values.get("pos_embed")).not.toEqual(hf!.values.get("pos_embed"));
  });
});

describe("weights that do not fit are refused with the tensor's name", () => {
  const missing = "blocks.1.mlp.fc2.bias";
  it.each<[string, (tensors: Map<string, TensorSource>) => void, RegExp]>([
    ["a missing tensor", (tensors) => tensors.delete(missing), /tensor blocks\.1\.mlp\.fc2\.bias is missing/],
    [
      "another shape",
      (tensors) => tensors.set(missing, { name: missing, shape: [7], data: () => new Float32Array(7) }),
      /tensor blocks\.1\.mlp\.fc2\.bias is \[7\], expected \[48\]/,
    ],
    [
      "a deeper network",
      (tensors) =>
        tensors.set("deeper", { name: "blocks.2.norm1.bias", shape: [48], data: () => new Float32Array(48) }),
      /reduced_vit has no place for tensor blocks\.2\.norm1\.bias/,
    ],
    [
      "a head of another width",
      (tensors) =>
        tensors.set("head.weight", { name: "head.weight", shape: [5, 40], data: () => new Float32Array(200) }),
      /tensor head\.weight is \[5, 40\], expected \[5, 48\]/,
    ],
    [
      "values that are no numbers",
      (tensors) => tensors.set(missing, { name: missing, shape: [48], data: () => new Float32Array(48).fill(NaN) }),
      /blocks\.1\.mlp\.fc2\.bias has values that are no numbers/,
    ],
  ])("%s", async (_, change, message) => {
    const source = await rewrite(vitFile, "unfit.safetensors", change);
    const refused = loadPretrained({ ...forVit, source });
    await expect(refused).rejects.toBeInstanceOf(PretrainedError);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(source);
  });

  it("names the tensor as the file would", async () => {
    const key = "vit.encoder.layer.1.attention.attention.key.bias";
    const source = await rewrite(join(fixtures, "vit-hf.safetensors"), "part.safetensors", (tensors) =>
      tensors.delete(key),
    );
    await expect(loadPretrained({ ...forVit, source })).rejects.toThrow("encoder.layer.1.attention.attention.key.bias");
  });

  it("another family", async () => {
    const architecture = resnetSpec("resnet18", "ResNet-18", 18, { block: "basic", depths: [2, 2, 2, 2] });
    await expect(loadPretrained({ ...forVit, architecture })).rejects.toThrow(
      /another kind of network.*blocks\.0\.attn/,
    );
  });

  it("but ignores and reports a tensor beside the network", async () => {
    const source = await rewrite(vitFile, "extra.safetensors", (tensors) => {
      tensors.set("aux.weight", { name: "aux.weight", shape: [2], data: () => new Float32Array(2) });
      tensors.set("slot", { name: "adam_m/head.bias", shape: [5], data: () => new Float32Array(5) });
    });
    const { report } = await loadPretrained({ ...forVit, source });
    expect(report.ignored).toEqual(["aux.weight"]);
    expect(report.notes.join(" ")).toContain("aux.weight");
  });
});

describe("a folder", () => {
  it("of shards loads as one file does; a shard that lacks its tensor or lies elsewhere is refused", async () => {
    const isFirst = (key: string) => key.startsWith("blocks.0.");
    const part = (name: string, keep: (key: string) => boolean) =>
      rewrite(vitFile, name, (tensors) => {
        for (const key of tensors.keys()) if (!keep(key)) tensors.delete(key);
      });
    const shards = await mkdtemp(join(folder, "shards-"));
    await cp(await part("a.safetensors", isFirst), join(shards, "a.safetensors"));
    await cp(await part("b.safetensors", (key) => !isFirst(key)), join(shards, "b.safetensors"));
    const whole = await loadPretrained(forVit);
    const file = await openSafetensors(vitFile);
    const keys = [...file.tensors.keys()];
    await file.close();
    const map = Object.fromEntries(keys.map((key) => [key, isFirst(key) ? "a.safetensors" : "b.safetensors"]));
    const index = join(shards, "model.safetensors.index.json");
    await writeFile(index, JSON.stringify({ metadata: {}, weight_map: map }));
    const loaded = await loadPretrained({ ...forVit, source: shards });
    expect(loaded.values).toEqual(whole.values);
    expect(loaded.report.files.map(({ path }) => path)).toEqual(
      ["a", "b"].map((name) => join(shards, `${name}.safetensors`)),
    );

    await writeFile(index, JSON.stringify({ weight_map: { ...map, "blocks.9.x": "a.safetensors" } }));
    await expect(loadPretrained({ ...forVit, source: index })).rejects.toThrow('has no tensor "blocks.9.x"');
    await writeFile(index, JSON.stringify({ weight_map: { ...map, "head.bias": "../../b.safetensors" } }));
    await expect(loadPretrained({ ...forVit, source: shards })).rejects.toThrow("which is no file beside it");
  });

  it("with a pickle alone is refused with what to do", async () => {
    const pickle = await mkdtemp(join(folder, "pickle-"));
    await writeFile(join(pickle, "pytorch_model.bin"), "");
    await expect(loadPretrained({ ...forVit, source: pickle })).rejects.toThrow(
      /pytorch_model\.bin is a PyTorch pickle/,
    );
    await expect(loadPretrained({ ...forVit, source: join(folder, "absent") })).rejects.toThrow(
      /There are no weights.*absent/,
    );
  });

  it.each(["bad-truncated-data", "bad-pickle-zip", "bad-overlap"])(
    "with the damaged file %s is refused",
    async (name) => {
      const damaged = loadPretrained({ ...forVit, source: join(fixtures, `${name}.safetensors`) });
      await expect(damaged).rejects.toBeInstanceOf(PretrainedError);
      await expect(damaged).rejects.toThrow(name);
    },
  );

  it.each([
    [
      "timm",
      {
        architecture: "vit_tiny",
        label_names: ["a", "b", "c", "d", "e"],
        pretrained_cfg: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], crop_pct: 0.9, interpolation: "bicubic" },
      },
      undefined,
      { fit: "crop", cropFraction: 0.9, cropRounding: "half-even", interpolation: "bicubic" },
    ],
    [
      "Hugging Face's ViT",
      { model_type: "vit", id2label: { 0: "a", 1: "b", 2: "c", 3: "d", 4: "e" } },
      { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5], size: 224 },
      { fit: "stretch", cropFraction: 1, cropRounding: "down", interpolation: "bilinear" },
    ],
    [
      "Hugging Face's ResNet",
      { id2label: { 0: "a", 1: "b", 2: "c", 3: "d", 4: "e" } },
      { crop_pct: 0.875, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5], resample: 3, size: 224 },
      { fit: "crop", cropFraction: 0.875, cropRounding: "down", interpolation: "bicubic" },
    ],
  ])("with %s config says how it wants its images and what its classes are", async (_, config, images, expected) => {
    const described = await mkdtemp(join(folder, "described-"));
    await cp(vitFile, join(described, "model.safetensors"));
    await writeFile(join(described, "config.json"), JSON.stringify(config));
    if (images) await writeFile(join(described, "preprocessor_config.json"), JSON.stringify(images));
    const { report } = await loadPretrained({ ...forVit, source: described });
    expect(report.preprocessing).toEqual({ ...expected, mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5] });
    expect(report.classNames).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("whose config makes another function of the same tensors is refused", async () => {
    const other = await mkdtemp(join(folder, "other-"));
    await cp(vitFile, join(other, "model.safetensors"));
    await writeFile(join(other, "config.json"), JSON.stringify({ model_type: "vit", hidden_act: "quick_gelu" }));
    await expect(loadPretrained({ ...forVit, source: other })).rejects.toThrow("quick_gelu");
  });
});
