import type { Batch } from "../datasets/training-batches.js";

export interface TargetOptions {
  readonly classes: number;
  /** ε: 1 − ε + ε/C for the label and ε/C elsewhere (Szegedy et al. 2016). */
  readonly labelSmoothing: number;
  /** Of each class; undefined weighs all alike. */
  readonly classWeights?: readonly number[] | undefined;
}

/**
 * Rows for the cross-entropy, [B, C], such that its mean over the batch is the loss that is trained: labels, mixed with those of the images
 * mixed in, smoothed, and weighed by class. The weighted mean is divided by the weights of the batch's labels, as PyTorch's weighted
 * cross-entropy does it. Writes into `target`.
 */
export function writeTargets(
  target: Float32Array,
  { labels, mix }: Omit<Batch, "images">,
  options: TargetOptions,
): void {
  const { classes, labelSmoothing, classWeights } = options;
  target.fill(labelSmoothing / classes);
  for (let i = 0; i < labels.length; i++) {
    const share = mix?.shares[i] ?? 1;
    target[i * classes + labels[i]!]! += (1 - labelSmoothing) * share;
    if (mix) target[i * classes + mix.partners[i]!]! += (1 - labelSmoothing) * (1 - share);
  }
  if (classWeights) weigh(target, { labels, mix }, classWeights);
}

function weigh(target: Float32Array, { labels, mix }: Omit<Batch, "images">, weights: readonly number[]): void {
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    const share = mix?.shares[i] ?? 1;
    total += share * weights[labels[i]!]! + (mix ? (1 - share) * weights[mix.partners[i]!]! : 0);
  }
  const scale = labels.length / total;
  for (let i = 0; i < target.length; i++) target[i]! *= weights[i % weights.length]! * scale;
}

/** Weights by inverse frequency whose mean over the examples is 1: N / (classes with examples · n). A class without examples weighs 0. */
export function balancedWeights(labels: Uint16Array, classes: number): number[] {
  const counts = Array.from({ length: classes }, () => 0);
  for (const label of labels) counts[label]!++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 0 : labels.length / (present * count)));
}
