import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import {
  decodeServerRecords,
  encodeWriterRecords,
  ingestSubprotocol,
  type ServerRecord,
  type WriterRecord,
} from "@residual/shared";
import { WebSocket } from "ws";
import type { SpoolOwner } from "../spool/metric-spool.js";
import type { SpooledFrame } from "../spool/spool-record.js";
import { type ApiAccess, graphqlAddress } from "./ask-graphql.js";
import { errorOf, type Transport, Unavailable } from "./transport.js";

const OPEN_MS = 10_000;
const ANSWER_MS = 30_000;
/** One writer a socket: a channel is all it needs. */
const CHANNEL = 1;

/** Something between here and the API, or an API of an earlier version, does not let the ingest socket pass. */
export class SocketRefused extends Error {
  override name = "SocketRefused";
}

interface Pending {
  readonly lastSeq: number;
  readonly timer: NodeJS.Timeout;
  resolve(): void;
  reject(error: Error): void;
}

/** Sends frames over the ingest socket (docs/ingest-socket.md), one message at a time. Connects when there is something to send. */
export class SocketTransport implements Transport {
  private socket: WebSocket | undefined;
  /** The connection under it: it keeps the process alive only while an answer is awaited. */
  private connection: Socket | undefined;
  private pending: Pending | undefined;
  private hasAnswered = false;

  constructor(
    private readonly access: ApiAccess,
    private readonly owner: SpoolOwner,
  ) {}

  /** As every transport; also throws a SocketRefused. */
  async send(frames: readonly SpooledFrame[]): Promise<void> {
    const records = frames.map(({ seq, bytes }): WriterRecord => ({ kind: "frame", channel: CHANNEL, seq, bytes }));
    if (!this.socket) {
      await this.connect();
      records.unshift({ kind: "open", channel: CHANNEL, ...this.owner });
    }
    const socket = this.socket as WebSocket | undefined;
    // Closed again between its opening and here.
    if (!socket) throw new Unavailable("the connection broke");
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => this.fail(this.silence()), ANSWER_MS);
      this.pending = { lastSeq: frames.at(-1)!.seq, timer, resolve, reject };
      this.connection?.ref();
      socket.send(encodeWriterRecords(records));
    });
  }

  close(): void {
    this.fail(new Unavailable("the connection was closed"));
  }

  private connect(): Promise<void> {
    const url = graphqlAddress(this.access);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, ingestSubprotocol, {
      headers: { authorization: `Bearer ${this.access.key}` },
      handshakeTimeout: OPEN_MS,
      // Packed frames do not shrink, and every deflate would cost the training time.
      perMessageDeflate: false,
    });
    return new Promise((resolve, reject) => {
      let isUpgraded = false;
      socket.once("upgrade", ({ socket: connection }: IncomingMessage) => {
        isUpgraded = true;
        this.connection = connection;
      });
      socket.once("open", () => {
        this.socket = socket;
        resolve();
      });
      socket.once("unexpected-response", (_request, { statusCode }) => {
        const message = `HTTP ${statusCode} instead of a WebSocket`;
        reject(statusCode! >= 500 && statusCode !== 501 ? new Unavailable(message) : new SocketRefused(message));
        socket.terminate();
      });
      socket.on("error", (error) => {
        const isLate = error.message.includes("handshake has timed out");
        reject(isUpgraded || isLate ? new SocketRefused(error.message) : new Unavailable(reasonOf(error)));
        this.lose(socket, new Unavailable(reasonOf(error)));
      });
      socket.once("close", (code, reason) => {
        const message = `the connection was closed (${[code, reason.toString()].filter(Boolean).join(": ")})`;
        reject(new Unavailable(message));
        this.lose(socket, new Unavailable(message));
      });
      socket.on("message", (data: Buffer) => this.receive(decodeServerRecords(data)));
    });
  }

  private receive(records: readonly ServerRecord[]): void {
    this.hasAnswered = true;
    for (const record of records) {
      if (record.kind === "refusal") {
        const { code, message, ...details } = record.refusal;
        // What was sent behind a refused frame is refused for the gap: on a new connection none of that is taken for an answer to what comes.
        this.fail(errorOf(code, message, details));
        return;
      }
      if (this.pending && record.ackedSeq >= this.pending.lastSeq) this.settle()?.resolve();
    }
  }

  /** A socket that opens and never answers is one that something swallows. */
  private silence(): Error {
    const message = `no answer within ${ANSWER_MS / 1000} s`;
    return this.hasAnswered ? new Unavailable(message) : new SocketRefused(message);
  }

  private fail(error: Error): void {
    const { socket } = this;
    this.socket = undefined;
    socket?.terminate();
    this.settle()?.reject(error);
  }

  private lose(socket: WebSocket, error: Error): void {
    if (this.socket === socket) this.fail(error);
  }

  private settle(): Pending | undefined {
    const { pending } = this;
    this.pending = undefined;
    clearTimeout(pending?.timer);
    this.connection?.unref();
    return pending;
  }
}

function reasonOf(error: Error): string {
  return error.message || String((error as NodeJS.ErrnoException).code);
}
