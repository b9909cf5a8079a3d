import { type Augmentation, hashSeed, Random, shuffle } from "@residual/shared";
import { drawMix } from "./augmentation/mix.js";
import type { Normalization } from "./normalization.js";
import { type BatchWork, imageBytes, type PixelStore, sharedFloats } from "./pixel-store.js";
import { PreparedAhead } from "./prepared-ahead.js";

export interface Batch {
  /** [B, S, S, 3], normalised. */
  readonly images: Float32Array;
  readonly labels: Uint16Array;
  /** Where images are mixed: the label of the image that is mixed into each, and the weight of its own label. */
  readonly mix?: { readonly partners: Uint16Array; readonly shares: Float32Array };
}

export interface BatchOptions {
  readonly store: PixelStore;
  /** Which images of the store are trained on, and the class of each. */
  readonly indices: Uint32Array;
  readonly labels: Uint16Array;
  readonly batchSize: number;
  readonly augmentation: Augmentation;
  /** α of the Beta distribution of two images' blend; 0 or absent: none are blended. */
  readonly mixup?: number;
  /** α of the Beta distribution of the area that an image keeps beside a piece of another; 0 or absent: none are cut. */
  readonly cutmix?: number;
  readonly normalization: Normalization;
  readonly seed: number;
}

/** Batches that lie ready may take this much memory. */
const AHEAD_BYTES = 512 * 1024 ** 2;

/**
 * The batches of a training run, each a function of the seed and its step alone: the order of an epoch comes from hash(seed, epoch), the
 * variation of an image from hash(seed, epoch, image), what is mixed from hash(seed, step, pair). So a resumed run sees exactly what the
 * interrupted one would have seen, whatever the number of threads. A last batch that would be partial is dropped; the next epoch's order
 * gives its images another chance.
 */
export class TrainingBatches {
  readonly stepsPerEpoch: number;
  private order = new Uint32Array(0);
  private orderEpoch = -1;
  private readonly prepared: PreparedAhead<Required<Batch>>;

  constructor(private readonly options: BatchOptions) {
    const { batchSize, indices, store } = options;
    this.stepsPerEpoch = Math.floor(indices.length / batchSize);
    if (this.stepsPerEpoch === 0) throw new RangeError(`a batch of ${batchSize} from ${indices.length} images`);
    const elements = batchSize * imageBytes(store.imageSize);
    // As many images as keep all threads at work, at least one batch, as far as memory allows.
    const wanted = Math.ceil((2 * store.lanes) / batchSize);
    const allowed = Math.floor(AHEAD_BYTES / (elements * Float32Array.BYTES_PER_ELEMENT));
    const create = () => ({
      images: sharedFloats(elements),
      labels: new Uint16Array(batchSize),
      mix: { partners: new Uint16Array(batchSize), shares: new Float32Array(batchSize) },
    });
    const ahead = Math.max(1, Math.min(wanted, allowed));
    this.prepared = new PreparedAhead<Required<Batch>>(ahead, create, (step, batch) => this.prepare(step, batch));
  }

  /** The batch of an optimizer step (0, 1, …). It stays valid until the one after the next is asked for. */
  async batch(step: number): Promise<Batch> {
    const { mixup = 0, cutmix = 0 } = this.options;
    const { images, labels, mix } = await this.prepared.take(step);
    return mixup > 0 || cutmix > 0 ? { images, labels, mix } : { images, labels };
  }

  /** Numbers in the store of the images of a step's batch. */
  imagesOf(step: number): Uint32Array {
    return this.membersOf(step).map((member) => this.options.indices[member]!);
  }

  private async prepare(step: number, { images, labels, mix }: Required<Batch>): Promise<void> {
    const { batchSize, store, normalization, augmentation, seed, indices, mixup = 0, cutmix = 0 } = this.options;
    const members = this.membersOf(step);
    const epoch = Math.floor(step / this.stepsPerEpoch);
    for (let i = 0; i < batchSize; i++) labels[i] = this.options.labels[members[i]!]!;
    mix.partners.set(labels);
    mix.shares.fill(1);
    const slotOf = (position: number) => {
      const member = members[position]!;
      return { image: indices[member]!, position, seed: hashSeed(seed, "augment", epoch, member) };
    };
    const groups: BatchWork["groups"][number][] = [];
    for (let i = 0; i < batchSize; ) {
      const random = new Random(hashSeed(seed, "mix", step, i));
      const drawn = i + 1 < batchSize ? drawMix(mixup, cutmix, store.imageSize, random) : undefined;
      if (!drawn) {
        groups.push({ slots: [slotOf(i)] });
        i++;
        continue;
      }
      groups.push({ slots: [slotOf(i), slotOf(i + 1)], mix: drawn });
      mix.partners.set([labels[i + 1]!, labels[i]!], i);
      mix.shares.fill(drawn.share, i, i + 2);
      i += 2;
    }
    await store.fill({ batch: images, groups, level: augmentation, normalization });
  }

  private membersOf(step: number): Uint32Array {
    const { batchSize } = this.options;
    const first = (step % this.stepsPerEpoch) * batchSize;
    return this.orderOf(Math.floor(step / this.stepsPerEpoch)).subarray(first, first + batchSize);
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
