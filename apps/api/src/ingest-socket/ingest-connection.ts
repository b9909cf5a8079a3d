import {
  decodeWriterRecords,
  encodeServerRecords,
  IngestSocketError,
  ingestSocketLimits,
  type ServerRecord,
  type WriterRecord,
} from "@residual/shared";
import type { WebSocket } from "ws";
import type { App } from "../context.js";
import { AppError, badInput } from "../errors.js";
import { mustSeeNow } from "../read-replica/route-reads.js";
import type { MemberViewer } from "../viewer.js";
import { type IngestChannel, openChannel } from "./ingest-channel.js";
import { refusalOf } from "./refusal-of.js";

type FrameRecord = Extract<WriterRecord, { kind: "frame" }>;

/** Bytes of frames that wait for their commit: above the first the socket is not read, until they are fewer than the second. */
const inFlight = { pauseBytes: 8 << 20, resumeBytes: 4 << 20 } as const;
/** Acknowledgements that the writer does not read; it is then as good as gone. */
const MOST_UNREAD_BYTES = 1 << 20;

/**
 * One socket: reads messages, hands their frames to the ingest in the order in which they came, and answers what was committed. All that a
 * commit settles goes out as one message with one acknowledgement a channel.
 */
export class IngestConnection {
  readonly #channels = new Map<number, Promise<IngestChannel | null>>();
  readonly #acked = new Map<number, number>();
  #refusals: ServerRecord[] = [];
  #answering = false;
  #waitingBytes = 0;
  #waitingFrames = 0;
  #idle: (() => void)[] = [];

  constructor(
    private readonly socket: WebSocket,
    private readonly app: App,
    private readonly viewer: MemberViewer,
    private readonly log: (line: string) => void,
  ) {
    socket.on("message", (data: Buffer, isBinary) => this.#receive(data, isBinary));
  }

  get hasChannels(): boolean {
    return this.#channels.size > 0;
  }

  /** Reads nothing more; resolves once all that was read is answered. */
  async drained(): Promise<void> {
    this.socket.pause();
    if (this.#waitingFrames > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#answer();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    let records: WriterRecord[];
    try {
      if (!isBinary) throw new IngestSocketError("A text message came; records are binary.");
      records = decodeWriterRecords(data);
    } catch (error) {
      if (!(error instanceof IngestSocketError)) throw error;
      this.socket.close(4400, error.message.slice(0, 120));
      return;
    }
    for (const record of records) {
      if (record.kind === "open") this.#open(record);
      else if (record.kind === "close") this.#channels.delete(record.channel);
      else this.#take(record);
    }
  }

  #open(record: Extract<WriterRecord, { kind: "open" }>): void {
    const { channel } = record;
    if (this.#channels.has(channel)) {
      this.#refuse(channel, 0, badInput("channel", `Channel ${channel} is open already. Choose another number.`));
      return;
    }
    if (this.#channels.size >= ingestSocketLimits.channels) {
      const limit = ingestSocketLimits.channels;
      const message = `A socket has at most ${limit} channels. Close some, or open another socket.`;
      this.#refuse(channel, 0, new AppError("RATE_LIMITED", message, { limit }));
      return;
    }
    const opening = openChannel(this.app, this.viewer, record).catch((error: unknown) => {
      // What was sent on it meanwhile finds no channel; a writer that learns why may open it again.
      this.#channels.delete(channel);
      this.#refuse(channel, 0, error);
      return null;
    });
    this.#channels.set(channel, opening);
  }

  #take(record: FrameRecord): void {
    const opening = this.#channels.get(record.channel);
    if (!opening) {
      const message = `Channel ${record.channel} is not open. Open it with the run and the writer first.`;
      this.#refuse(record.channel, record.seq, badInput("channel", message));
      return;
    }
    this.#waitingFrames++;
    this.#waitingBytes += record.bytes.length;
    if (this.#waitingBytes > inFlight.pauseBytes) this.socket.pause();
    void this.#store(opening, record);
  }

  async #store(opening: Promise<IngestChannel | null>, record: FrameRecord): Promise<void> {
    const { channel, seq, bytes } = record;
    try {
      const opened = await opening;
      if (opened) {
        const ackedSeq = await opened.store(record);
        this.#acked.set(channel, Math.max(ackedSeq, this.#acked.get(channel) ?? 0));
        this.#answerSoon();
      }
    } catch (error) {
      this.#refuse(channel, seq, error);
    }
    this.#waitingFrames--;
    this.#waitingBytes -= bytes.length;
    if (this.socket.isPaused && this.#waitingBytes < inFlight.resumeBytes && this.#idle.length === 0)
      this.socket.resume();
    if (this.#waitingFrames > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #refuse(channel: number, seq: number, error: unknown): void {
    this.#refusals.push({ kind: "refusal", channel, seq, refusal: refusalOf(error, this.log) });
    this.#answerSoon();
  }

  /** After everything that the same commit has settled. */
  #answerSoon(): void {
    if (this.#answering) return;
    this.#answering = true;
    setImmediate(() => this.#answer());
  }

  #answer(): void {
    this.#answering = false;
    mustSeeNow({ replica: this.app.replica, viewer: this.viewer });
    const acks = [...this.#acked].map(([channel, ackedSeq]): ServerRecord => ({ kind: "ack", channel, ackedSeq }));
    const records = [...acks, ...this.#refusals];
    this.#acked.clear();
    this.#refusals = [];
    if (records.length === 0 || this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > MOST_UNREAD_BYTES) this.socket.terminate();
    else this.socket.send(encodeServerRecords(records));
  }
}
