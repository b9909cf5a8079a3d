import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeBase64, decodeMetricFrame } from "@residual/shared";
import { ApiClient } from "./api-client.js";
import { createLog } from "./log.js";
import type { MetricFlush } from "./operations.js";

/** What the server does with a request beside, or instead of, handling it. */
export type Mischief = "none" | "drop" | "drop-answer" | "unavailable" | "handle-twice" | "not-the-api";

export interface Point {
  readonly leaseGeneration: number;
  readonly seq: number;
  readonly step: number;
  readonly key: string;
  readonly value: number;
}

type Handler = (input: Record<string, unknown>) => unknown;

/**
 * A real HTTP server that speaks the API's worker mutations, keeps the rules of `logMetrics` (a writer's seq without gap, a duplicate
 * acknowledged again, an old lease fenced) and misbehaves as a network and a restarting API do.
 */
export class UnrulyApi {
  readonly stored: Point[] = [];
  readonly calls: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
  readonly watermarks = new Map<string, number>();
  readonly uploads: { begun: Record<string, unknown>; content: Buffer }[] = [];
  /** Why no upload is begun; null: they are taken. */
  uploadRefusal: string | null = null;
  fencedBelow = 0;
  mischief: () => Mischief = () => "none";
  /** Answers of other operations, by name. */
  readonly handlers = new Map<string, Handler>();
  private server: Server | undefined;
  private port = 0;

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      // As where the ingest socket does not pass: metrics then come by logMetrics.
      const isUpload = request.url!.startsWith("/upload");
      if (request.method !== "POST" && !isUpload) return void response.writeHead(405).end();
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        if (isUpload) this.upload(`${request.method} ${request.url}`, body, response);
        else this.answer(body.toString(), response);
      });
    });
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Like a killed process: open connections break. The next start listens on the same port. */
  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/graphql`;
  }

  client(): ApiClient {
    return new ApiClient(
      this.url,
      "res_test",
      createLog(() => {}),
    );
  }

  /** Inputs that an operation was called with. */
  inputsOf(name: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.input);
  }

  private upload(asked: string, body: Buffer, response: ServerResponse): void {
    const last = this.uploads.at(-1);
    if (asked === "POST /upload") {
      if (this.uploadRefusal !== null) {
        const error = { message: this.uploadRefusal, extensions: { code: "TOO_LARGE" } };
        return void response.writeHead(413).end(JSON.stringify({ errors: [error] }));
      }
      this.uploads.push({ begun: JSON.parse(body.toString()) as Record<string, unknown>, content: Buffer.alloc(0) });
    } else if (asked.startsWith("PATCH ")) last!.content = Buffer.concat([last!.content, body]);
    response.end(JSON.stringify({ id: "upl_1", pieceBytes: 100_000, version: 1, bytes: last?.content.length }));
  }

  private answer(body: string, response: ServerResponse): void {
    const mischief = this.mischief();
    if (mischief === "drop") return void response.destroy();
    if (mischief === "unavailable") return void response.writeHead(503).end("starting");
    if (mischief === "not-the-api") return void response.writeHead(404).end("<html>Not found</html>");
    const { query, variables } = JSON.parse(body) as {
      query: string;
      variables: { input: Record<string, unknown> };
    };
    const [, operationName = ""] = /^(?:query|mutation) (\w+)/.exec(query) ?? [];
    const handle = () => {
      this.calls.push({ name: operationName, input: variables.input });
      return this.handle(operationName, variables.input);
    };
    if (mischief === "handle-twice") handle();
    const answer = handle();
    if (mischief === "drop-answer") return void response.destroy();
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  }

  private handle(name: string, input: Record<string, unknown>): unknown {
    const field = name[0]!.toLowerCase() + name.slice(1);
    if (Number(input.leaseGeneration) < this.fencedBelow) return refusal("FENCED", "another worker holds the job");
    if (name === "LogMetrics") return this.logMetrics(input as unknown as MetricFlush);
    const usual = { id: "x", step: 0, request: "CONTINUE" };
    const answer = this.handlers.get(name)?.(input);
    return { data: { [field]: answer === undefined ? usual : answer } };
  }

  private logMetrics({ writer, seq, frame, leaseGeneration }: MetricFlush): unknown {
    const watermark = this.watermarks.get(writer) ?? 0;
    if (seq > watermark + 1) return refusal("SEQ_GAP", `expected ${watermark + 1}`);
    if (seq === watermark + 1) {
      const { steps, columns } = decodeMetricFrame(decodeBase64(frame));
      for (const { key, rows, values } of columns) {
        for (const [i, value] of values.entries())
          this.stored.push({ leaseGeneration, seq, key, value, step: steps[rows?.[i] ?? i]! });
      }
      this.watermarks.set(writer, seq);
    }
    return { data: { logMetrics: { ackedSeq: Math.max(seq, watermark) } } };
  }
}

function refusal(code: string, message: string): unknown {
  return { data: null, errors: [{ message, extensions: { code } }] };
}
