import type { Preprocessing } from "../datasets/preprocessing.js";

/** A trained network in one of its forms, and what its input and output mean. */
export interface Classifier {
  /** The file or folder that it was read from. */
  readonly path: string;
  /** For people: the network, as far as the form says it. */
  readonly network: string;
  /** For people: what computes. */
  readonly device: string;
  /** Pixels along a side. */
  readonly imageSize: number;
  /** In the order of the logits. */
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
  /**
   * Gets ready for up to `count` images at a time. `logits` takes `count` images of S × S × 3 values from 0 to 255, not yet normalised,
   * and gives `count` × C logits.
   */
  open(count: number): Promise<ClassifierSession>;
}

interface ClassifierSession {
  logits(images: Float32Array): Promise<Float32Array>;
  close(): void;
}
