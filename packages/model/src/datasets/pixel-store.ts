import type { ImageSource } from "./loader/image-source.js";
import { ImageThreads } from "./loader/image-threads.js";
import type { FillWork } from "./loader/image-work.js";

/** Bytes of one image of this side, and values of it in a batch. */
export function imageBytes(imageSize: number): number {
  return imageSize * imageSize * 3;
}

/** An empty batch in memory that all threads see. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

export type BatchWork = Omit<FillWork, "kind">;

/** The images of a run and the threads that prepare them. */
export class PixelStore {
  private readonly threads: ImageThreads;

  constructor(
    readonly count: number,
    private readonly source: ImageSource,
    private readonly release: () => Promise<void> = async () => {},
    threads?: number,
  ) {
    this.threads = new ImageThreads(source, threads);
  }

  /** Side of the images in pixels. */
  get imageSize(): number {
    return this.source.imageSize;
  }

  /** From where images come: memory, the file of decoded images, or the folder, where each is decoded whenever it is needed. */
  get kind(): ImageSource["kind"] {
    return this.source.kind;
  }

  /** How many images are worth preparing at a time. */
  get lanes(): number {
    return this.threads.lanes;
  }

  /**
   * Writes images into a batch, off this thread, shared among all threads. The batch must come from `sharedFloats`. Rejects with a
   * DatasetError where images are read from the folder and one is gone, changed or damaged.
   */
  async fill(work: BatchWork): Promise<void> {
    const { groups } = work;
    const size = Math.max(1, Math.ceil(groups.length / this.lanes));
    const pieces: Promise<unknown>[] = [];
    for (let start = 0; start < groups.length; start += size) {
      pieces.push(this.threads.do({ ...work, kind: "fill", groups: groups.slice(start, start + size) }));
    }
    // All are waited for, also after a failure: none may write into a batch that is used again.
    const outcomes = await Promise.allSettled(pieces);
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }

  /** Ends the threads and forgets the pixels. */
  async close(): Promise<void> {
    await this.threads.close();
    await this.release();
  }
}
