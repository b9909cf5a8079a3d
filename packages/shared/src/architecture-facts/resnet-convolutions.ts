import { type ResNetId, resnetBlocks } from "./architecture-facts.js";

/** One convolution of a ResNet, each followed by a batch normalization. Sizes are pixels of a square side. */
export type Convolution = {
  inChannels: number;
  outChannels: number;
  kernel: number;
  inSize: number;
  outSize: number;
  /** A shortcut reads what the first convolution of its block reads. */
  isShortcut: boolean;
};

/** Every convolution in order of execution, of the v1.5 form (a bottleneck strides in its 3 × 3; torchvision, timm). */
export function resnetConvolutions(architecture: ResNetId, imageSize: number): Convolution[] {
  const { block, counts } = resnetBlocks[architecture];
  const kernels = block === "bottleneck" ? [1, 3, 1] : [3, 3];
  const strided = block === "bottleneck" ? 1 : 0;
  const expansion = block === "bottleneck" ? 4 : 1;
  const stem = convolution(3, 64, 7, 2, imageSize);
  const all = [stem];
  let size = strideTwo(stem.outSize, 3); // max-pool
  let channels = 64;
  counts.forEach((count, stage) => {
    const width = 64 * 2 ** stage;
    for (let index = 0; index < count; index++) {
      const stride = stage > 0 && index === 0 ? 2 : 1;
      const inputSize = size;
      const inputChannels = channels;
      kernels.forEach((kernel, position) => {
        const outChannels = position === kernels.length - 1 ? width * expansion : width;
        const layer = convolution(channels, outChannels, kernel, position === strided ? stride : 1, size);
        all.push(layer);
        channels = outChannels;
        size = layer.outSize;
      });
      if (stride !== 1 || inputChannels !== channels) {
        all.push({ ...convolution(inputChannels, channels, 1, stride, inputSize), isShortcut: true });
      }
    }
  });
  return all;
}

function convolution(
  inChannels: number,
  outChannels: number,
  kernel: number,
  stride: number,
  inSize: number,
): Convolution {
  const outSize = stride === 1 ? inSize : strideTwo(inSize, kernel);
  return { inChannels, outChannels, kernel, inSize, outSize, isShortcut: false };
}

/** Output side of a window of `kernel` with stride 2 and padding ⌊kernel / 2⌋. */
function strideTwo(size: number, kernel: number): number {
  return Math.floor((size + 2 * Math.floor(kernel / 2) - kernel) / 2) + 1;
}
