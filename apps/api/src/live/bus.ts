import type { Notice } from "./notice.js";

/**
 * Carries notices to the other API processes of the same database. A notice may be lost (then `missed` is called where it would have been
 * heard), come twice, or come late; it never stands for data.
 */
export interface Bus {
  /** Remembers the notice and sends it with others, 20 times a second at most. Never waits and never throws. */
  tell(notice: Notice): void;
  close(): Promise<void>;
}

/** What a bus tells of the other processes. */
export interface BusListener {
  heard(notice: Notice): void;
  /** Notices of the last `seconds` may be lost: look at everything once. Rejects when the look failed and has to be repeated. */
  missed(seconds: number): Promise<void>;
}

/** One open connection of a bus. Everything that is sent comes back to every open channel, this one included. */
export interface Channel {
  send(payload: string): Promise<void>;
  /** Ends the connection; `lost` is not called for it. */
  close(): void;
}

/** Resolves once the channel hears. `lost` is called once at most, when the connection ends by itself. */
export type OpenChannel = (on: { payload(text: string): void; lost(error: Error): void }) => Promise<Channel>;
