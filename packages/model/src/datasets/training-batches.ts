import type { Augmentation } from "@residual/shared";
import { augment } from "./augment.js";
import { type Normalization, normalizeInto } from "./normalization.js";
import { imageBytes, type PixelStore } from "./pixel-store.js";
import { hashSeed, Random, shuffle } from "./random.js";

export interface Batch {
  /** [B, S, S, 3], normalised. */
  readonly images: Float32Array;
  readonly labels: Uint16Array;
}

export interface BatchOptions {
  readonly store: PixelStore;
  /** Which images of the store are trained on, and the class of each. */
  readonly indices: Uint32Array;
  readonly labels: Uint16Array;
  readonly batchSize: number;
  readonly augmentation: Augmentation;
  readonly normalization: Normalization;
  readonly seed: number;
}

/**
 * The batches of a training run, each a function of the seed and its step alone: the order of an epoch comes from hash(seed, epoch), the
 * variation of an image from hash(seed, epoch, image). So a resumed run sees exactly what the interrupted one would have seen. A last
 * batch that would be partial is dropped; the next epoch's order gives its images another chance.
 */
export class TrainingBatches {
  readonly stepsPerEpoch: number;
  private order = new Uint32Array(0);
  private orderEpoch = -1;
  // Two sets in turn: one is prepared while the executor reads the other.
  private readonly buffers: readonly [Batch, Batch];
  private readonly pixels: Uint8Array;
  private readonly varied: Float32Array;

  constructor(private readonly options: BatchOptions) {
    const { batchSize, indices, store } = options;
    this.stepsPerEpoch = Math.floor(indices.length / batchSize);
    if (this.stepsPerEpoch === 0) throw new RangeError(`a batch of ${batchSize} from ${indices.length} images`);
    const elements = imageBytes(store.imageSize);
    const buffer = () => ({ images: new Float32Array(batchSize * elements), labels: new Uint16Array(batchSize) });
    this.buffers = [buffer(), buffer()];
    this.pixels = new Uint8Array(batchSize * elements);
    this.varied = new Float32Array(elements);
  }

  /** The batch of an optimizer step (0, 1, …). It stays valid until the one after the next is asked for. */
  async batch(step: number): Promise<Batch> {
    const { batchSize, indices, labels, store, normalization, augmentation, seed } = this.options;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    const first = (step % this.stepsPerEpoch) * batchSize;
    const members = this.orderOf(epoch).subarray(first, first + batchSize);
    const batch = this.buffers[step % 2]!;
    const elements = imageBytes(store.imageSize);
    await store.read(
      Array.from(members, (member) => indices[member]!),
      this.pixels,
    );
    for (let i = 0; i < batchSize; i++) {
      const member = members[i]!;
      const source = this.pixels.subarray(i * elements, (i + 1) * elements);
      const random = new Random(hashSeed(seed, "augment", epoch, member));
      augment(source, this.varied, store.imageSize, augmentation, random);
      normalizeInto(batch.images, i * elements, this.varied, normalization);
      batch.labels[i] = labels[member]!;
    }
    return batch;
  }

  private orderOf(epoch: number): Uint32Array {
    if (epoch !== this.orderEpoch) {
      const { indices, seed } = this.options;
      this.order = shuffle(
        Uint32Array.from(indices, (_, i) => i),
        hashSeed(seed, "order", epoch),
      );
      this.orderEpoch = epoch;
    }
    return this.order;
  }
}
