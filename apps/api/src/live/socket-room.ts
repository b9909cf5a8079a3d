import type { WebSocket } from "ws";

/** Bytes that wait on a socket beyond which nothing more is read for it. */
const FULL_BYTES = 256 * 1024;

/**
 * Whether a socket takes more, for all its subscriptions together. A socket that is not read holds what each of its subscriptions had at hand
 * when it became full, and nothing after.
 */
export class SocketRoom {
  #waiting: (() => void)[] = [];

  constructor(private readonly socket: WebSocket) {}

  /** Resolves when there is room, or the socket has closed. */
  async room(): Promise<void> {
    if (this.#hasRoom) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Called when something was written out, or the socket closed. */
  drained(): void {
    if (this.#waiting.length === 0 || !this.#hasRoom) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  get #hasRoom(): boolean {
    return this.socket.readyState !== this.socket.OPEN || this.socket.bufferedAmount < FULL_BYTES;
  }
}
