/** How long a job may be silent before its process counts as hung. */
export interface SilenceLimits {
  /** Whatever it does: TensorFlow may compile a large network for minutes. */
  readonly always: number;
  /** Between two batches, once someone has asked the job to end. */
  readonly whenAsked: number;
}

export const silenceLimits: SilenceLimits = { always: 15 * 60_000, whenAsked: 30_000 };

/** A machine that is busy with something else may be so many times slower than it was. */
const SLOWER = 20;
const SLOWER_WHEN_ASKED = 5;

/**
 * Hears the signs of life of a job's process and calls `bark` once, with what is wrong, when none has come for too long. A network whose
 * steps take minutes may be silent for longer: the limits grow with the longest pause between two batches so far.
 */
export class Watchdog {
  private timer: NodeJS.Timeout | undefined;
  private heardAt = performance.now();
  private longestBatch: number | undefined;
  private isAtBatches = false;
  private askedAt: number | undefined;

  constructor(
    private readonly limits: SilenceLimits,
    private readonly bark: (why: string) => void,
  ) {
    this.wait();
  }

  /** @param isAtBatches whether what comes next is a batch: the only work whose length is known from the one before */
  heard(isAtBatches: boolean): void {
    const now = performance.now();
    if (this.isAtBatches) this.longestBatch = Math.max(this.longestBatch ?? 0, now - this.heardAt);
    this.isAtBatches = isAtBatches;
    this.heardAt = now;
    // It goes on, and so knows that it is to end.
    this.askedAt = undefined;
    this.wait();
  }

  /** The job was asked to end, which it does between two batches. */
  asked(): void {
    this.askedAt ??= performance.now();
    this.wait();
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private wait(): void {
    clearTimeout(this.timer);
    const { always, whenAsked } = this.limits;
    const { askedAt, heardAt, longestBatch = 0 } = this;
    const limit = Math.max(always, SLOWER * longestBatch);
    let end = heardAt + limit;
    let why = `no sign of life for ${inWords(limit)}`;
    if (askedAt !== undefined && this.isAtBatches && longestBatch > 0) {
      const limitWhenAsked = Math.max(whenAsked, SLOWER_WHEN_ASKED * longestBatch);
      if (askedAt + limitWhenAsked < end) {
        end = askedAt + limitWhenAsked;
        why = `asked to end, it did not answer for ${inWords(limitWhenAsked)}`;
      }
    }
    this.timer = setTimeout(() => this.bark(why), end - performance.now());
  }
}

function inWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`;
}
