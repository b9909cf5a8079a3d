import type { ArchitectureId } from "../training-config/architecture-id.js";
import { architectureFacts, isResNet, type VisionTransformerId, vitPatch, vitShapes } from "./architecture-facts.js";
import { type Convolution, resnetConvolutions } from "./resnet-convolutions.js";

/** Learnable numbers with a head for `classes`. Only a ViT's depend on the image size (its position embedding). */
export function parameterCount(architecture: ArchitectureId, classes: number, imageSize = 224): number {
  const head = (architectureFacts(architecture).features + 1) * classes;
  if (!isResNet(architecture)) return head + vitBackboneParameters(architecture, imageSize);
  return head + sum(resnetConvolutions(architecture, imageSize), (layer) => filterSize(layer) + 2 * layer.outChannels);
}

/** Numbers that training keeps but does not learn: running mean and variance of every batch normalization. */
export function bufferCount(architecture: ArchitectureId): number {
  return isResNet(architecture) ? sum(resnetConvolutions(architecture, 224), (layer) => 2 * layer.outChannels) : 0;
}

/** Multiply-adds of one image, forward: convolutions, linear layers and the two products of attention (half of FLOPs). */
export function multiplyAdds(architecture: ArchitectureId, classes: number, imageSize = 224): number {
  const head = architectureFacts(architecture).features * classes;
  if (!isResNet(architecture)) return head + vitBackboneMultiplyAdds(architecture, imageSize);
  return head + sum(resnetConvolutions(architecture, imageSize), (layer) => filterSize(layer) * layer.outSize ** 2);
}

/**
 * Numbers of one image that the forward pass must keep for the backward pass: inputs of convolutions, normalizations and the
 * pool, and outputs of ReLU (mostly the same tensors); for a ViT
 * per block T·(8D + 2M) (both norms' inputs and outputs, q, k, v, attended values, hidden layer before and after GELU) + 2·H·T² (scores, softmax).
 */
export function savedActivations(architecture: ArchitectureId, imageSize = 224): number {
  if (!isResNet(architecture)) {
    const { width, depth, heads, mlpWidth } = vitShapes[architecture];
    const tokens = patches(imageSize) + 1;
    return depth * (tokens * (8 * width + 2 * mlpWidth) + 2 * heads * tokens ** 2);
  }
  const layers = resnetConvolutions(architecture, imageSize);
  const [stem] = layers;
  const last = layers.at(-1)!;
  // The max-pool reads the stem after its ReLU; the last ReLU is read by no convolution.
  const readByOthers = stem!.outChannels * stem!.outSize ** 2 + last.outChannels * last.outSize ** 2;
  return (
    readByOthers +
    sum(layers, (layer) => {
      const input = layer.isShortcut ? 0 : layer.inChannels * layer.inSize ** 2;
      return input + layer.outChannels * layer.outSize ** 2;
    })
  );
}

function vitBackboneParameters(architecture: VisionTransformerId, imageSize: number): number {
  const { width, depth, mlpWidth } = vitShapes[architecture];
  const patchEmbedding = (3 * vitPatch ** 2 + 1) * width;
  const classAndPositions = width + (patches(imageSize) + 1) * width;
  const attention = (width + 1) * 3 * width + (width + 1) * width;
  const mlp = (width + 1) * mlpWidth + (mlpWidth + 1) * width;
  return patchEmbedding + classAndPositions + depth * (attention + mlp + 4 * width) + 2 * width;
}

function vitBackboneMultiplyAdds(architecture: VisionTransformerId, imageSize: number): number {
  const { width, depth, mlpWidth } = vitShapes[architecture];
  const tokens = patches(imageSize) + 1;
  const linear = 4 * width ** 2 + 2 * width * mlpWidth;
  return patches(imageSize) * 3 * vitPatch ** 2 * width + depth * (tokens * linear + 2 * tokens ** 2 * width);
}

function patches(imageSize: number): number {
  return (imageSize / vitPatch) ** 2;
}

function filterSize({ kernel, inChannels, outChannels }: Convolution): number {
  return kernel ** 2 * inChannels * outChannels;
}

function sum(layers: Convolution[], of: (layer: Convolution) => number): number {
  return layers.reduce((total, layer) => total + of(layer), 0);
}
