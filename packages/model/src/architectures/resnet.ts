import type { Value } from "../graph/graph.js";
import { batchNorm } from "../layers/batch-norm.js";
import { convolution } from "../layers/convolution.js";
import type { LayerContext, Network } from "../layers/layer-context.js";
import { linear } from "../layers/linear.js";

/** A residual network v1.5 (stride in the 3×3 convolution). https://arxiv.org/abs/1512.03385 */
export interface ResNetConfig {
  readonly block: "basic" | "bottleneck";
  /** Blocks in each of the four stages. */
  readonly depths: readonly number[];
  readonly stem?: number;
  /** Channels of each stage's inner convolutions. */
  readonly widths?: readonly number[];
}

/** A bottleneck's last convolution widens by this factor. */
const expansion = 4;

/** The network of a config; variables bear torchvision's names. */
export function resnet({ block, depths, stem = 64, widths = [64, 128, 256, 512] }: ResNetConfig): Network {
  return (context, images, classes) => {
    const { graph } = context;
    const stages = new Map<string, Value>();

    let x = graph.block(images, (input) => {
      const y = convolution(context, input, "conv1", { channels: stem, kernel: 7, stride: 2 });
      return graph.maxPool(graph.relu(batchNorm(context, y, "bn1")), { size: 3, stride: 2, pad: 1 });
    });
    stages.set("maxpool", x);

    depths.forEach((depth, stage) => {
      for (let index = 0; index < depth; index++) {
        const stride = stage > 0 && index === 0 ? 2 : 1;
        const options = { width: widths[stage]!, stride };
        x = graph.block(x, (input) => blocks[block](context, input, `layer${stage + 1}.${index}`, options));
      }
      stages.set(`layer${stage + 1}`, x);
    });

    x = graph.globalAveragePool(x);
    stages.set("avgpool", x);
    return { logits: linear(context, x, "fc", classes), stages };
  };
}

interface BlockOptions {
  readonly width: number;
  readonly stride: number;
}

function basicBlock(context: LayerContext, x: Value, name: string, { width, stride }: BlockOptions): Value {
  const { graph } = context;
  let y = convolution(context, x, `${name}.conv1`, { channels: width, kernel: 3, stride });
  y = batchNorm(context, y, `${name}.bn1`);
  y = graph.relu(y);
  y = convolution(context, y, `${name}.conv2`, { channels: width, kernel: 3 });
  y = batchNorm(context, y, `${name}.bn2`, "residualGamma");
  return graph.relu(graph.add(y, shortcut(context, x, name, { channels: width, stride })));
}

function bottleneck(context: LayerContext, x: Value, name: string, { width, stride }: BlockOptions): Value {
  const { graph } = context;
  const channels = width * expansion;
  let y = convolution(context, x, `${name}.conv1`, { channels: width, kernel: 1 });
  y = batchNorm(context, y, `${name}.bn1`);
  y = graph.relu(y);
  y = convolution(context, y, `${name}.conv2`, { channels: width, kernel: 3, stride });
  y = batchNorm(context, y, `${name}.bn2`);
  y = graph.relu(y);
  y = convolution(context, y, `${name}.conv3`, { channels, kernel: 1 });
  y = batchNorm(context, y, `${name}.bn3`, "residualGamma");
  return graph.relu(graph.add(y, shortcut(context, x, name, { channels, stride })));
}

const blocks = { basic: basicBlock, bottleneck };

/** The identity, or a strided 1×1 projection where the shape changes. */
function shortcut(
  context: LayerContext,
  x: Value,
  name: string,
  { channels, stride }: { readonly channels: number; readonly stride: number },
): Value {
  if (stride === 1 && x.shape[3] === channels) return x;
  const projected = convolution(context, x, `${name}.downsample.0`, { channels, kernel: 1, stride });
  return batchNorm(context, projected, `${name}.downsample.1`);
}
