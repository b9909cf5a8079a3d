import { randomBytes } from "node:crypto";
import type { Bus, BusListener, Channel, OpenChannel } from "./bus.js";
import { type Notice, noticeFromLine, noticeToLine } from "./notice.js";
import { lookSeconds, Outbox } from "./outbox.js";

/** At most 20 sends a second. The first after a rest goes at once. */
const TICK_MS = 50;
const RETRY_MS = { first: 100, longest: 5_000 } as const;
/** How long the bus may hear nothing of itself before it takes its connection for dead. */
const PULSE_MS = 10_000;
/** Added to every window that is looked at again: what was committed before it may have been told within it. */
const SLACK_SECONDS = 5;

/**
 * A bus over any channel that returns to everybody what one sends. It hears itself: by that it knows its connection to be alive. While there is
 * none it looks by itself, at every attempt to get one back; once there is one, it and all the others look once more.
 */
export class RemoteBus implements Bus {
  readonly #id = randomBytes(6).toString("hex");
  readonly #outbox = new Outbox();
  #channel: Channel | null = null;
  #sending = false;
  #lastSend = Number.NEGATIVE_INFINITY;
  #heardItself = false;
  #onItself: (() => void) | null = null;
  /** Up to when nothing is missed (performance.now()). */
  #completeUntil = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #pulse: NodeJS.Timeout | undefined;
  #attempt: Promise<void>;
  #failures = 0;
  #closed = false;

  constructor(
    private readonly open: OpenChannel,
    private readonly listener: BusListener,
    private readonly log: (line: string) => void,
    private readonly pulseMs = PULSE_MS,
  ) {
    this.#attempt = this.#connect();
  }

  /** Whether notices go through at present. */
  get isConnected(): boolean {
    return this.#channel !== null;
  }

  tell(notice: Notice): void {
    if (this.#closed) return;
    this.#outbox.add(noticeToLine(notice));
    this.#schedule();
  }

  /** Resolves after the first attempt to connect, whether it succeeded or not. */
  get ready(): Promise<void> {
    return this.#attempt;
  }

  /** Sends what waits, then ends the connection. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#pulse);
    this.#onItself?.();
    await this.#attempt;
    await this.#send();
    this.#channel?.close();
    this.#channel = null;
  }

  #schedule(): void {
    if (this.#sending || this.#timer || !this.#channel) return;
    // Not at once even after a rest: what one commit stored of many runs goes together.
    const wait = Math.max(0, this.#lastSend + TICK_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, wait);
  }

  async #send(): Promise<void> {
    const channel = this.#channel;
    if (!channel || this.#sending) return;
    this.#sending = true;
    this.#lastSend = performance.now();
    try {
      for (const payload of this.#outbox.take()) await channel.send(`${this.#id}\n${payload}`);
    } catch (error) {
      this.#lose(channel, error as Error);
    }
    this.#sending = false;
    if (!this.#outbox.isEmpty) this.#schedule();
  }

  async #connect(): Promise<void> {
    let channel: Channel | undefined;
    try {
      let lost: Error | undefined;
      channel = await this.open({
        payload: (text) => this.#take(text),
        lost: (error) => {
          lost = error;
          this.#onItself?.();
          this.#lose(channel, error);
        },
      });
      await this.#hearItself(channel);
      if (lost) throw lost;
      if (this.#closed) return channel.close();
      if (this.#failures > 0) this.log("The event bus is back.");
      this.#failures = 0;
      this.#channel = channel;
      this.#schedule();
      this.#pulse = setTimeout(() => void this.#checkPulse(), this.pulseMs);
    } catch (error) {
      channel?.close();
      if (this.#failures === 0 && !this.#closed)
        this.log(
          `The event bus cannot be reached (${(error as Error).message}). Live updates of other API processes come late until it is back.`,
        );
      this.#failures++;
    }
    await this.#look();
    if (!this.#channel && !this.#closed) this.#retry();
  }

  /** Sends an empty payload and waits for it: a channel may be open and yet deliver nothing (a pooler in between). */
  async #hearItself(channel: Channel): Promise<void> {
    this.#heardItself = false;
    let timer: NodeJS.Timeout | undefined;
    const heard = new Promise<void>((resolve) => {
      this.#onItself = resolve;
      timer = setTimeout(resolve, this.pulseMs);
    });
    try {
      await channel.send(this.#id);
      if (!this.#heardItself && !this.#closed) await heard;
    } finally {
      clearTimeout(timer);
      this.#onItself = null;
    }
    if (!this.#heardItself && !this.#closed) throw new Error("it accepts notices but does not deliver them");
  }

  async #checkPulse(): Promise<void> {
    const channel = this.#channel;
    if (!channel) return;
    const before = performance.now();
    try {
      await this.#hearItself(channel);
      this.#completeUntil = before;
      if (!this.#closed && this.#channel === channel)
        this.#pulse = setTimeout(() => void this.#checkPulse(), this.pulseMs);
    } catch (error) {
      this.#lose(channel, error as Error);
    }
  }

  /** Gives a channel up. What was sent over it since it was last known to be alive may have been lost on its way. */
  #lose(channel: Channel | undefined, error: Error): void {
    if (!channel || channel !== this.#channel) return;
    this.#channel = null;
    channel.close();
    clearTimeout(this.#pulse);
    if (this.#closed) return;
    this.log(`The event bus closed its connection (${error.message}). Connecting again.`);
    this.#failures++;
    this.#outbox.lose(this.#completeUntil);
    this.#retry();
  }

  #retry(): void {
    clearTimeout(this.#timer);
    const wait = Math.min(RETRY_MS.first * 2 ** Math.min(this.#failures - 1, 10), RETRY_MS.longest);
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#attempt = this.#connect();
      },
      wait * (0.75 + Math.random() / 2),
    );
  }

  /** Looks at what may have happened unheard. What cannot be looked at now is looked at the next time. */
  async #look(): Promise<void> {
    if (this.#closed) return;
    const now = performance.now();
    try {
      await this.listener.missed((now - this.#completeUntil) / 1_000 + SLACK_SECONDS);
      this.#completeUntil = now;
    } catch {
      // Most likely the database is away, and with it this bus.
    }
  }

  #take(text: string): void {
    const [sender, ...lines] = text.split("\n");
    if (sender === this.#id) {
      this.#heardItself = true;
      this.#onItself?.();
      return;
    }
    for (const line of lines) {
      const seconds = lookSeconds(line);
      const notice = seconds === null ? noticeFromLine(line) : null;
      if (notice) this.listener.heard(notice);
      if (seconds !== null) this.listener.missed(seconds + SLACK_SECONDS).catch(() => {});
    }
  }
}
