import type { Value } from "../graph/graph.js";
import { attention } from "../layers/attention.js";
import { convolution } from "../layers/convolution.js";
import type { LayerContext, Network } from "../layers/layer-context.js";
import { layerNorm } from "../layers/layer-norm.js";
import { linear } from "../layers/linear.js";

/** A Vision Transformer with pre-norm blocks and a class token. https://arxiv.org/abs/2010.11929 */
export interface VisionTransformerConfig {
  /** Side of a square patch in pixels. */
  readonly patchSize: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  readonly mlpRatio: number;
}

/** timm's and the original's; Hugging Face writes 1e-12. */
const epsilon = 1e-6;

/** The network of a config; variables bear timm's names. The position embedding has the size that the images need. */
export function visionTransformer({ patchSize, width, depth, heads, mlpRatio }: VisionTransformerConfig): Network {
  return (context, images, classes) => {
    const { graph } = context;
    const [batch, imageSize] = images.shape as [number, number];
    if (imageSize % patchSize !== 0) {
      throw new RangeError(`image size ${imageSize} is not a multiple of the patch size ${patchSize}`);
    }
    const patches = (imageSize / patchSize) ** 2;
    const tokens = patches + 1;
    const stages = new Map<string, Value>();
    const embedding = (name: string, shape: number[]) =>
      graph.variable({ name, shape, kind: "embedding", trainable: true });

    const clsToken = embedding("cls_token", [1, 1, width]);
    const posEmbed = embedding("pos_embed", [1, tokens, width]);
    const patchEmbed = { channels: width, kernel: patchSize, stride: patchSize, pad: 0, bias: true };
    let x = convolution(context, images, "patch_embed.proj", patchEmbed);
    x = graph.reshape(x, [batch, patches, width]);
    stages.set("patch_embed", x);
    x = graph.concat([graph.tileBatch(clsToken, batch), x], 1);
    x = graph.addToBatch(x, posEmbed);

    x = graph.reshape(x, [batch * tokens, width]);
    for (let index = 0; index < depth; index++) {
      x = graph.block(x, (input) => block(context, input, `blocks.${index}`, { batch, heads, mlpRatio }));
      stages.set(`blocks.${index}`, x);
    }

    // The head reads only the class token, and each token is normalised by itself: normalising one token an image is enough.
    x = graph.slice(graph.reshape(x, [batch, tokens, width]), [0, 0, 0], [batch, 1, width]);
    x = layerNorm(context, graph.reshape(x, [batch, width]), "norm", epsilon);
    return { logits: linear(context, x, "head", classes), stages };
  };
}

interface BlockOptions {
  readonly batch: number;
  readonly heads: number;
  readonly mlpRatio: number;
}

function block(context: LayerContext, x: Value, name: string, { batch, heads, mlpRatio }: BlockOptions): Value {
  const { graph } = context;
  const normed = layerNorm(context, x, `${name}.norm1`, epsilon);
  const attended = graph.add(x, attention(context, normed, `${name}.attn`, { batch, heads }));
  return graph.add(
    attended,
    mlp(context, layerNorm(context, attended, `${name}.norm2`, epsilon), `${name}.mlp`, mlpRatio),
  );
}

function mlp(context: LayerContext, x: Value, name: string, ratio: number): Value {
  const width = x.shape[1]!;
  const hidden = context.graph.gelu(linear(context, x, `${name}.fc1`, ratio * width));
  return linear(context, hidden, `${name}.fc2`, width);
}
