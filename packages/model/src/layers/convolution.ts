import type { Value } from "../graph/graph.js";
import type { LayerContext } from "./layer-context.js";

export interface ConvolutionOptions {
  readonly channels: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly bias?: boolean;
  /** Zero padding on each side; half the kernel unless said. */
  readonly pad?: number;
}

/** x[B,H,W,I] -> [B,H',W',channels], with the square filter `<name>.weight`. */
export function convolution({ graph }: LayerContext, x: Value, name: string, options: ConvolutionOptions): Value {
  const { channels, kernel, stride = 1, bias = false, pad = Math.floor(kernel / 2) } = options;
  const shape = [kernel, kernel, x.shape[3]!, channels];
  const filter = graph.variable({ name: `${name}.weight`, shape, kind: "conv", trainable: true });
  const y = graph.conv2d(x, filter, { stride, pad });
  if (!bias) return y;
  return graph.biasAdd(y, graph.variable({ name: `${name}.bias`, shape: [channels], kind: "bias", trainable: true }));
}
