import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import {
  decodeBase64,
  decodeMetricFrame,
  decodeWriterRecords,
  encodeServerRecords,
  type IngestRefusal,
  ingestSubprotocol,
  type ServerRecord,
} from "@residual/shared";
import { type WebSocket, WebSocketServer } from "ws";

/** What the server does with a message beside, or instead of, handling it. */
type Mischief = "none" | "drop" | "drop-answer" | "unavailable" | "handle-twice";

interface Point {
  readonly writer: string;
  readonly seq: number;
  readonly step: number;
  readonly key: string;
  readonly value: number;
}

interface Writer {
  readonly run: string;
  readonly writer: string;
}

/**
 * A real server with the ingest socket and logMetrics, that keeps their rules (a writer's seq without gap, a duplicate acknowledged again) and
 * misbehaves as a network and a restarting API do.
 */
export class UnrulyApi {
  readonly stored: Point[] = [];
  readonly watermarks = new Map<string, number>();
  /** Frames that came, by the way they took. */
  readonly frames = { socket: 0, graphql: 0 };
  mischief: () => Mischief = () => "none";
  /** Of a frame, where it is refused. */
  refusal: (writer: Writer, seq: number) => IngestRefusal | undefined = () => undefined;
  /** The status that asks for a socket are answered with; 101 lets them pass. */
  upgradeStatus = 101;
  /** Resolved before a message is handled. */
  delay: () => Promise<unknown> = async () => {};
  private server: Server | undefined;
  private port = 0;
  private readonly sockets = new WebSocketServer({ noServer: true, handleProtocols: () => ingestSubprotocol });

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.post(request, response));
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (this.upgradeStatus !== 101) return void socket.end(`HTTP/1.1 ${this.upgradeStatus} No\r\n\r\n`);
      this.sockets.handleUpgrade(request, socket, head, (webSocket) => this.welcome(webSocket));
    });
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Like a killed process: open connections break. The next start listens on the same port. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets.clients) socket.terminate();
    if (!server) return;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }

  /** Ends all sockets as a revocation does. */
  endSockets(code: number): void {
    for (const socket of this.sockets.clients) socket.close(code);
  }

  private welcome(socket: WebSocket): void {
    const channels = new Map<number, Writer>();
    let turn: Promise<unknown> = Promise.resolve();
    socket.on("error", () => {});
    socket.on("message", (data: Buffer) => {
      turn = turn.then(async () => {
        await this.delay();
        const mischief = this.mischief();
        if (mischief === "drop" || mischief === "unavailable") return socket.terminate();
        const answers = this.handle(data, channels);
        if (mischief === "handle-twice") this.handle(data, channels);
        if (mischief === "drop-answer") return socket.terminate();
        socket.send(encodeServerRecords(answers));
      });
    });
  }

  private handle(data: Buffer, channels: Map<number, Writer>): ServerRecord[] {
    const answers: ServerRecord[] = [];
    for (const record of decodeWriterRecords(data)) {
      const { channel } = record;
      if (record.kind === "open") channels.set(channel, record);
      if (record.kind !== "frame") continue;
      this.frames.socket++;
      const { seq, bytes } = record;
      const refusal = this.store(channels.get(channel)!, seq, bytes);
      answers.push(refusal ? { kind: "refusal", channel, seq, refusal } : { kind: "ack", channel, ackedSeq: seq });
    }
    return answers;
  }

  private async post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += chunk;
    const mischief = this.mischief();
    if (mischief === "drop") return void response.destroy();
    if (mischief === "unavailable") return void response.writeHead(503).end("starting");
    const { input } = (JSON.parse(body) as { variables: { input: Writer & { seq: number; frame: string } } }).variables;
    this.frames.graphql++;
    const refusal = this.store(input, input.seq, decodeBase64(input.frame));
    if (mischief === "drop-answer") return void response.destroy();
    const { message, ...extensions } = refusal ?? { message: "" };
    response.end(
      JSON.stringify(
        refusal ? { data: null, errors: [{ message, extensions }] } : { data: { logMetrics: { ackedSeq: input.seq } } },
      ),
    );
  }

  private store(owner: Writer, seq: number, bytes: Uint8Array): IngestRefusal | undefined {
    const { writer } = owner;
    const refusal = this.refusal(owner, seq);
    if (refusal) return refusal;
    const watermark = this.watermarks.get(writer) ?? 0;
    if (seq > watermark + 1) return { code: "SEQ_GAP", message: `expected ${watermark + 1}`, expected: watermark + 1 };
    if (seq <= watermark) return undefined;
    const { steps, columns } = decodeMetricFrame(bytes);
    for (const { key, rows, values } of columns)
      for (const [i, value] of values.entries())
        this.stored.push({ writer, seq, key, value, step: steps[rows?.[i] ?? i]! });
    this.watermarks.set(writer, seq);
    return undefined;
  }
}
