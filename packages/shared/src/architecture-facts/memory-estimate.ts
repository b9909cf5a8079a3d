import { type ArchitectureFamily, architectureFamily } from "../training-config/architecture-id.js";
import type { Optimizer, TrainingConfig } from "../training-config/training-config.js";
import { bufferCount, parameterCount, savedActivations } from "./counts.js";

const FLOAT_BYTES = 4;

/** Momentum keeps one number a parameter, AdamW two. */
const optimizerSlots: Record<Optimizer, number> = { SGD: 1, ADAMW: 2 };

/** Process with its runtime, the images being decoded, buffers of kernels: what a step needs beside the network's own tensors. */
const BASE_BYTES = 450e6;

/**
 * Saved activations are not all that lives at the peak of the backward pass: incoming and outgoing gradients of the layer at hand, padded
 * copies and workspaces come on top. 1.6 and BASE_BYTES fit the peak memory measured on a CPU with buffers released at their last use
 * (SGD with momentum, MB, measured / this estimate): ResNet-18 at 64 px, batch 32: 738 / 676; at 224 px, batch 8: 870 / 854; ResNet-50, batch 8: 1690 / 1836;
 * ResNet-101, batch 4: 1730 / 1786; ViT-B/16, batch 4: 2140 / 2519.
 */
const ACTIVATION_FACTOR = 1.6;

/**
 * What is left of the saved activations when those inside a block are computed again: the borders of the blocks, and one block in full. An
 * estimate, not a measurement. A ResNet has few blocks with large borders, a ViT many with small ones.
 */
const checkpointedPart: Record<ArchitectureFamily, number> = { RESNET: 0.3, VIT: 0.15 };

type Sized = Pick<TrainingConfig, "architecture" | "imageSize" | "optimizer">;
type Batched = Sized &
  Pick<TrainingConfig, "batchSize"> &
  Partial<Pick<TrainingConfig, "microBatches" | "gradientCheckpointing">>;

/** Bytes of memory at the peak of training with this config: weights, gradients, optimizer, activations of a micro-batch, process. */
export function estimateMemory(config: Batched, classes: number): number {
  const { architecture, imageSize, batchSize, microBatches = 1, gradientCheckpointing = false, optimizer } = config;
  const parameters = parameterCount(architecture, classes, imageSize);
  const ofWeights = parameters * (2 + optimizerSlots[optimizer]) * FLOAT_BYTES;
  const kept = gradientCheckpointing ? checkpointedPart[architectureFamily(architecture)] : 1;
  const images = batchSize / microBatches;
  const ofActivations = ACTIVATION_FACTOR * kept * savedActivations(architecture, imageSize) * images * FLOAT_BYTES;
  return Math.round(ofWeights + ofActivations + BASE_BYTES);
}

/** Bytes of a checkpoint from which training resumes: weights, running statistics and the optimizer's slots (without the header). */
export function checkpointBytes(config: Sized, classes: number): number {
  const { architecture, imageSize, optimizer } = config;
  const parameters = parameterCount(architecture, classes, imageSize);
  return FLOAT_BYTES * (parameters * (1 + optimizerSlots[optimizer]) + bufferCount(architecture));
}
