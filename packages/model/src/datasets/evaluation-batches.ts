import type { Normalization } from "./normalization.js";
import { imageBytes, type PixelStore, sharedFloats } from "./pixel-store.js";
import { PreparedAhead } from "./prepared-ahead.js";

export interface EvaluationBatchOptions {
  readonly store: PixelStore;
  /** Which images of the store are looked at, in this order. */
  readonly indices: Uint32Array;
  readonly batchSize: number;
  readonly normalization: Normalization;
}

/** Images as evaluation sees them, without variation, in batches of one size: the last one is filled up with grey. */
export class EvaluationBatches {
  readonly count: number;
  private readonly prepared: PreparedAhead<Float32Array>;

  constructor(private readonly options: EvaluationBatchOptions) {
    const { batchSize, indices, store } = options;
    this.count = Math.ceil(indices.length / batchSize);
    const create = () => sharedFloats(batchSize * imageBytes(store.imageSize));
    this.prepared = new PreparedAhead(1, create, (number, images) => this.prepare(number, images));
  }

  /** [B, S, S, 3], normalised. It stays valid until the one after the next is asked for. */
  batch(number: number): Promise<Float32Array> {
    return this.prepared.take(number, this.count - 1);
  }

  private async prepare(number: number, batch: Float32Array): Promise<void> {
    const { batchSize, indices, store, normalization } = this.options;
    const members = indices.subarray(number * batchSize, (number + 1) * batchSize);
    batch.fill(0, members.length * imageBytes(store.imageSize));
    const groups = Array.from(members, (image, position) => ({ slots: [{ image, position, seed: 0 }] as const }));
    await store.fill({ batch, groups, level: "NONE", normalization });
  }
}
