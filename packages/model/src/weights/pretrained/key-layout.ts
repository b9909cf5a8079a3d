import type { ArchitectureSpec } from "../../architectures/registry.js";
import { KeyTemplate } from "./key-template.js";
import type { GridResampling } from "./position-embedding.js";

/** Which of our variables a tensor of a file is, or which share of it where the file splits it along PyTorch's first axis. */
interface LocatedKey {
  readonly variable: string;
  readonly part: number;
  readonly parts: number;
}

/** How a library names the tensors of one family. Our own names are timm's. */
export interface KeyLayout {
  readonly id: "timm" | "torchvision" | "huggingface";
  readonly family: ArchitectureSpec["family"];
  /** For people: "timm's and torchvision's". */
  readonly owner: string;
  /** How the library fits position embeddings to another image size. */
  readonly resampling: GridResampling;
  locate(key: string): LocatedKey | undefined;
  /** The tensors that make up one of our variables, in order. */
  keysOf(variable: string): readonly string[];
}

type Rule = readonly [ours: string, theirs: string | readonly string[]];

/** torchvision's ResNet names are timm's. */
const timmResNet = identical({ id: "timm", family: "resnet", owner: "timm's and torchvision's", resampling: "timm" });

const timmVisionTransformer = identical({ id: "timm", family: "vit", owner: "timm's", resampling: "timm" });

/** `ResNetForImageClassification`; a bare `ResNetModel` has no prefix and no classifier. */
const huggingFaceResNet = translated(
  { id: "huggingface", family: "resnet", owner: "Hugging Face's", resampling: "huggingface" },
  "resnet.",
  [
    ["conv1.*", "embedder.embedder.convolution.*"],
    ["bn1.*", "embedder.embedder.normalization.*"],
    ["layer{s+1}.{b}.conv{i+1}.*", "encoder.stages.{s}.layers.{b}.layer.{i}.convolution.*"],
    ["layer{s+1}.{b}.bn{i+1}.*", "encoder.stages.{s}.layers.{b}.layer.{i}.normalization.*"],
    ["layer{s+1}.{b}.downsample.0.*", "encoder.stages.{s}.layers.{b}.shortcut.convolution.*"],
    ["layer{s+1}.{b}.downsample.1.*", "encoder.stages.{s}.layers.{b}.shortcut.normalization.*"],
    ["fc.*", "classifier.1.*"],
  ],
);

const huggingFaceAttention = "encoder.layer.{i}.attention.attention";

/** `ViTForImageClassification`; a bare `ViTModel` has no prefix and no classifier. */
const huggingFaceVisionTransformer = translated(
  { id: "huggingface", family: "vit", owner: "Hugging Face's", resampling: "huggingface" },
  "vit.",
  [
    ["cls_token", "embeddings.cls_token"],
    ["pos_embed", "embeddings.position_embeddings"],
    ["patch_embed.proj.*", "embeddings.patch_embeddings.projection.*"],
    ["blocks.{i}.norm1.*", "encoder.layer.{i}.layernorm_before.*"],
    ["blocks.{i}.norm2.*", "encoder.layer.{i}.layernorm_after.*"],
    ["blocks.{i}.attn.qkv.*", ["query", "key", "value"].map((role) => `${huggingFaceAttention}.${role}.*`)],
    ["blocks.{i}.attn.proj.*", "encoder.layer.{i}.attention.output.dense.*"],
    ["blocks.{i}.mlp.fc1.*", "encoder.layer.{i}.intermediate.dense.*"],
    ["blocks.{i}.mlp.fc2.*", "encoder.layer.{i}.output.dense.*"],
    ["norm.*", "layernorm.*"],
    ["head.*", "classifier.*"],
  ],
);

const torchvisionBlock = "encoder.layers.encoder_layer_{i}";

const torchvisionVisionTransformer = translated(
  { id: "torchvision", family: "vit", owner: "torchvision's", resampling: "torchvision" },
  "",
  [
    ["cls_token", "class_token"],
    ["pos_embed", "encoder.pos_embedding"],
    ["patch_embed.proj.*", "conv_proj.*"],
    ["blocks.{i}.norm1.*", `${torchvisionBlock}.ln_1.*`],
    ["blocks.{i}.norm2.*", `${torchvisionBlock}.ln_2.*`],
    ["blocks.{i}.attn.qkv.*", `${torchvisionBlock}.self_attention.in_proj_*`],
    ["blocks.{i}.attn.proj.*", `${torchvisionBlock}.self_attention.out_proj.*`],
    ["blocks.{i}.mlp.fc1.*", `${torchvisionBlock}.mlp.0.*`],
    ["blocks.{i}.mlp.fc2.*", `${torchvisionBlock}.mlp.3.*`],
    // As in the files published before torchvision 0.14.
    ["blocks.{i}.mlp.fc1.*", `${torchvisionBlock}.mlp.linear_1.*`],
    ["blocks.{i}.mlp.fc2.*", `${torchvisionBlock}.mlp.linear_2.*`],
    ["norm.*", "encoder.ln.*"],
    ["head.*", "heads.head.*"],
  ],
);

export const keyLayouts: readonly KeyLayout[] = [
  timmResNet,
  huggingFaceResNet,
  timmVisionTransformer,
  huggingFaceVisionTransformer,
  torchvisionVisionTransformer,
];

type Description = Pick<KeyLayout, "id" | "family" | "owner" | "resampling">;

function identical(description: Description): KeyLayout {
  return {
    ...description,
    locate: (key) => ({ variable: key, part: 0, parts: 1 }),
    keysOf: (variable) => [variable],
  };
}

/** `prefix` stands before the names of the backbone, or is left out as in a checkpoint of the backbone alone. */
function translated(description: Description, prefix: string, rules: readonly Rule[]): KeyLayout {
  const compiled = rules.map(([ours, theirs]) => ({
    ours: new KeyTemplate(ours),
    theirs: [theirs].flat().map((text) => new KeyTemplate(text)),
  }));
  return {
    ...description,
    locate: (key) => {
      const bare = key.startsWith(prefix) ? key.slice(prefix.length) : key;
      for (const { ours, theirs } of compiled) {
        for (const [part, template] of theirs.entries()) {
          const holes = template.match(bare);
          if (holes) return { variable: ours.fill(holes), part, parts: theirs.length };
        }
      }
      return undefined;
    },
    keysOf: (variable) => {
      for (const { ours, theirs } of compiled) {
        const holes = ours.match(variable);
        if (holes) return theirs.map((template) => template.fill(holes));
      }
      return [variable];
    },
  };
}
