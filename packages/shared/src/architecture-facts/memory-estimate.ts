import { type ArchitectureFamily, architectureFamily } from "../training-config/architecture-id.js";
import type { Optimizer, TrainingConfig } from "../training-config/training-config.js";
import { bufferCount, parameterCount, savedActivations } from "./counts.js";

const FLOAT_BYTES = 4;

/** Momentum keeps one number a parameter, AdamW two. */
const optimizerSlots: Record<Optimizer, number> = { SGD: 1, ADAMW: 2 };

/** Process with its runtime, the images being decoded, buffers of kernels: what a step needs beside the network's own tensors. */
const BASE_BYTES = 450e6;

/**
 * Saved activations are not all that lives at the peak of the backward pass: gradients of the layer at hand, padded copies and workspaces
 * come on top, and executors differ in how soon they let go. Calibrated by two probe steps (`measureSteps` of packages/model at a quarter
 * and half of the batch, AdamW, on two cores): memory an image / memory of its saved activations.
 *   wasm: ResNet-18 1.09 at 64 px, 0.95 at 128, 0.97 at 224; ResNet-34 0.85 at 128; ResNet-50 0.96 at 128, 0.98 at 224; ResNet-101 0.94 at 224;
 *   ViT-Ti 1.03 at 64 px, 0.99 at 128, 0.90 at 224; ViT-S 0.89, ViT-B 0.70 at 224. WebGPU plans its buffers in the same way.
 *   TensorFlow, whose memory is what its process grows by: ResNet-18 1.81 at 64 px, 2.65 at 128, 2.41 at 224; ResNet-34 1.48 at 128; ResNet-50 1.35 at
 *   128, 1.56 at 224; ResNet-101 1.60 at 224; ViT-Ti 2.07 at 64 px, 1.39 at 224; ViT-S 1.47, ViT-B 0.94 at 224.
 * With BASE_BYTES, whole peaks with SGD in TensorFlow (MB, measured / this estimate): ResNet-18 at 64 px, batch 32: 738 / 676; at 224 px, batch 8:
 * 870 / 854; ResNet-50, batch 8: 1690 / 1836; ResNet-101, batch 4: 1730 / 1786; ViT-B/16, batch 4: 2140 / 2519.
 */
const activationFactors = { tensorflow: 1.6, planned: 1.1 } as const;

/** The factor of an executor, by its name; that of TensorFlow, the larger, where it is not known which one will train. */
function activationFactor(executor: string | undefined): number {
  const isPlanned = executor !== undefined && ["wasm", "wasm-blas", "webgpu"].includes(executor);
  return isPlanned ? activationFactors.planned : activationFactors.tensorflow;
}

/**
 * What is left of the saved activations when those inside a block are computed again: the borders of the blocks, and one block in full. An
 * estimate, not a measurement. A ResNet has few blocks with large borders, a ViT many with small ones.
 */
const checkpointedPart: Record<ArchitectureFamily, number> = { RESNET: 0.3, VIT: 0.15 };

type Sized = Pick<TrainingConfig, "architecture" | "imageSize" | "optimizer">;
type Batched = Sized &
  Pick<TrainingConfig, "batchSize"> &
  Partial<Pick<TrainingConfig, "microBatches" | "gradientCheckpointing">>;

/**
 * Bytes of memory at the peak of training with this config: weights, gradients, optimizer, activations of a micro-batch, process.
 *
 * @param executor name of the one that will train, where it is known
 */
export function estimateMemory(config: Batched, classes: number, executor?: string): number {
  const { architecture, imageSize, batchSize, microBatches = 1, gradientCheckpointing = false, optimizer } = config;
  const parameters = parameterCount(architecture, classes, imageSize);
  const ofWeights = parameters * (2 + optimizerSlots[optimizer]) * FLOAT_BYTES;
  const kept = gradientCheckpointing ? checkpointedPart[architectureFamily(architecture)] : 1;
  const images = batchSize / microBatches;
  const factor = activationFactor(executor) * kept;
  const ofActivations = factor * savedActivations(architecture, imageSize) * images * FLOAT_BYTES;
  return Math.round(ofWeights + ofActivations + BASE_BYTES);
}

/** Bytes of a checkpoint from which training resumes: weights, running statistics and the optimizer's slots (without the header). */
export function checkpointBytes(config: Sized, classes: number): number {
  const { architecture, imageSize, optimizer } = config;
  const parameters = parameterCount(architecture, classes, imageSize);
  return FLOAT_BYTES * (parameters * (1 + optimizerSlots[optimizer]) + bufferCount(architecture));
}
