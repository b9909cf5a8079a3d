interface Turn<Buffer> {
  readonly buffer: Buffer;
  step: number;
  ready: Promise<void>;
}

/**
 * Buffers that are filled for the next steps while this one's is in use. A buffer stays valid until the one after the next is asked for.
 */
export class PreparedAhead<Buffer> {
  private readonly turns: readonly Turn<Buffer>[];

  /**
   * @param ahead how many steps beyond the one that is asked for are begun
   * @param prepare fills a buffer for a step; what it depends on must not depend on the order of calls
   */
  constructor(
    private readonly ahead: number,
    create: () => Buffer,
    private readonly prepare: (step: number, buffer: Buffer) => Promise<void>,
  ) {
    const turn = () => ({ buffer: create(), step: -1, ready: Promise.resolve() });
    this.turns = Array.from({ length: ahead + 2 }, turn);
  }

  /** The buffer of a step, and the beginning of those up to `last`. */
  async take(step: number, last = Number.POSITIVE_INFINITY): Promise<Buffer> {
    const end = Math.min(step + this.ahead, Math.max(step, last));
    for (let next = step; next <= end; next++) this.begin(next);
    const turn = this.turnOf(step);
    await turn.ready;
    return turn.buffer;
  }

  private begin(step: number): void {
    const turn = this.turnOf(step);
    if (turn.step === step) return;
    turn.step = step;
    // After a jump the buffer may still be filled for a step that nobody wants any more.
    turn.ready = turn.ready.catch(() => {}).then(() => this.prepare(step, turn.buffer));
    // Its error is reported by the step that needs it; one that is asked for later tries anew.
    turn.ready.catch(() => {
      if (turn.step === step) turn.step = -1;
    });
  }

  private turnOf(step: number): Turn<Buffer> {
    return this.turns[step % this.turns.length]!;
  }
}
