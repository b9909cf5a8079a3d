import type { OnProblem } from "./problem.js";
import type { MetricSpool } from "./spool/metric-spool.js";
import { backOff } from "./transport/back-off.js";
import { Refused, type Transport, Unavailable } from "./transport/transport.js";

/** Of one message: as much as the API stores in one go. */
const MESSAGE_BYTES = 1 << 20;
/** The first failures are an API that restarts; it is not worth a word. */
const QUIET_ATTEMPTS = 3;

const advice: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: "Make a new key in the dashboard (Settings), then send what waits with sendLeftovers.",
  FORBIDDEN: "Use a key with the scope LOG, then send what waits with sendLeftovers.",
  NOT_FOUND: "The run was deleted, or the address is that of another installation.",
  FENCED: "Another process has taken the run over.",
};

/** Sends what a spool holds, in order, one message at a time, for as long as it takes. */
export class Sender {
  private sending: Promise<void> | undefined;
  private refusal: Error | undefined;
  private attempt = 0;
  private readonly stopping = new AbortController();

  constructor(
    private readonly spool: MetricSpool,
    private readonly transport: Transport,
    private readonly onProblem: OnProblem,
    /** Called before each message: what is not in the spool yet may go with it. */
    private readonly refill: () => void = () => {},
    private readonly onSent: () => void = () => {},
  ) {}

  get isSending(): boolean {
    return this.sending !== undefined;
  }

  /** Why nothing more is sent, if so. */
  get failure(): Error | undefined {
    return this.refusal;
  }

  /** Begins to send, unless it does already. */
  wake(): void {
    if (this.refusal || this.stopping.signal.aborted) return;
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined;
    });
  }

  /** Resolves once nothing waits, or `signal` is aborted. Throws what the API refused with. */
  async drained(signal?: AbortSignal): Promise<void> {
    // Waiting for the API keeps no process alive, but whoever waits here wants it to live.
    const alive = setInterval(() => {}, 60_000);
    const left = aborted(signal);
    try {
      for (;;) {
        this.refill();
        if (this.refusal) throw this.refusal;
        const isOver = signal?.aborted || this.stopping.signal.aborted;
        if (isOver || this.spool.waitingPoints === 0) return;
        this.wake();
        await Promise.race([this.sending, left.promise]);
      }
    } finally {
      clearInterval(alive);
      left.forget();
    }
  }

  /** Sends nothing more; resolves once nothing is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.transport.close();
    await this.sending;
  }

  private async sendAll(): Promise<void> {
    // Everything that was logged in this turn of the event loop belongs into one message.
    await Promise.resolve();
    let from = this.spool.ackedSeq;
    while (!this.stopping.signal.aborted) {
      this.refill();
      try {
        const frames = this.spool.next(from, MESSAGE_BYTES);
        const last = frames.at(-1);
        if (!last) return;
        await this.transport.send(frames);
        this.spool.acknowledge(last);
        from = Math.max(from, last.seq);
        this.answered();
        this.onSent();
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        if (error instanceof Unavailable) await this.wait(error);
        else if (error instanceof Refused && this.mayRewind(error, from)) from = error.expected! - 1;
        else {
          this.refuse(error as Error);
          return;
        }
      }
    }
  }

  /** A server that was set back to an earlier state asks for what it had acknowledged; as long as that is here, it gets it. */
  private mayRewind({ code, expected }: Refused, from: number): boolean {
    if (code !== "SEQ_GAP" || expected === undefined || expected > from) return false;
    try {
      return this.spool.next(expected - 1, 1)[0]?.seq === expected;
    } catch {
      return false;
    }
  }

  private async wait(error: Unavailable): Promise<void> {
    if (this.attempt === QUIET_ATTEMPTS) {
      const message = `The API does not answer (${error.message}). Metrics wait in ${this.spool.folder} and are sent as soon as it does.`;
      this.onProblem({ kind: "unreachable", message });
    }
    await backOff(this.attempt++, error.retryAfterSeconds, this.stopping.signal);
  }

  private answered(): void {
    if (this.attempt > QUIET_ATTEMPTS)
      this.onProblem({ kind: "answers", message: "The API answers again; metrics are being sent." });
    this.attempt = 0;
  }

  private refuse(error: Error): void {
    this.refusal = error;
    const code = error instanceof Refused ? error.code : undefined;
    const next = advice[code ?? ""] ?? "";
    const message = `Metrics of run ${this.spool.owner.run} are not sent any more: ${error.message} ${next} They stay in ${this.spool.folder}.`;
    this.onProblem({ kind: "refused", message: message.replaceAll(/ +/g, " "), code });
  }
}

function aborted(signal: AbortSignal | undefined): { readonly promise: Promise<void>; forget(): void } {
  let forget = () => {};
  const promise = new Promise<void>((resolve) => {
    const onAbort = () => resolve();
    signal?.addEventListener("abort", onAbort, { once: true });
    forget = () => signal?.removeEventListener("abort", onAbort);
  });
  return { promise, forget };
}
