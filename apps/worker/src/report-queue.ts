/**
 * What must reach the API in the order in which it happened, beside the training: evaluations and checkpoints. Training goes on while the
 * API is away; the queue then waits with it.
 */
export class ReportQueue {
  private tail: Promise<void> = Promise.resolve();
  private failure: Error | undefined;

  constructor(private readonly onFailure: (error: Error) => void) {}

  /** Runs `report` after all earlier ones. After a failure nothing more is sent. */
  add(report: () => Promise<void>): void {
    this.tail = this.tail.then(async () => {
      if (this.failure) return;
      try {
        await report();
      } catch (error) {
        this.failure = error as Error;
        this.onFailure(this.failure);
      }
    });
  }

  /** Resolves once all reports are through; throws the first failure. */
  async flush(): Promise<void> {
    await this.tail;
    if (this.failure) throw this.failure;
  }
}
