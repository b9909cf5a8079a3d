import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { ingestSocketLimits, ingestSubprotocol } from "@residual/shared";
import { type WebSocket, WebSocketServer } from "ws";
import { authenticate } from "../authenticate.js";
import type { App } from "../context.js";
import { AppError } from "../errors.js";
import { refusedOrigin } from "../http-rules.js";
import type { MemberViewer, Scope } from "../viewer.js";
import { IngestConnection } from "./ingest-connection.js";

const writing: readonly Scope[] = ["LOG", "WORK", "MANAGE"];
/** A peer that answers no ping within this time is gone; a socket on which nothing was opened within it is of no use. */
const PING_MS = 30_000;
const DRAIN_MS = 5_000;
const maxTimerMs = 2 ** 31 - 1;

/** Whether an upgrade asks for the ingest socket: it shares the address with subscriptions, so that it passes wherever they do. */
export function asksForIngest(request: IncomingMessage): boolean {
  const offered = request.headers["sec-websocket-protocol"]?.split(",") ?? [];
  return offered.some((protocol) => protocol.trim() === ingestSubprotocol);
}

/**
 * Metrics over WebSocket, binary, beside logMetrics and under its rules: origin, credential, scope, run and lease (docs/ingest-socket.md).
 * A socket is closed (4403) when its credential is revoked or expires. `dispose` answers what was read, then closes.
 */
export function serveIngestSocket(server: Server, app: App, log: (line: string) => void): { dispose(): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: ingestSocketLimits.messageBytes,
    perMessageDeflate: false,
    handleProtocols: () => ingestSubprotocol,
  });
  const connections = new Map<WebSocket, IngestConnection>();

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refused = refusedOrigin(request, app.env.RESIDUAL_WEB_ORIGIN);
    if (refused) return refuse(socket, refused.status);
    let viewer: MemberViewer;
    try {
      viewer = await writerOf(app, request);
    } catch (error) {
      const code = error instanceof AppError ? error.extensions.code : "INTERNAL";
      return refuse(socket, statusOf[String(code)] ?? 500);
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => void welcome(webSocket, request, viewer));
  };

  const welcome = async (socket: WebSocket, request: IncomingMessage, viewer: MemberViewer) => {
    socket.on("error", () => socket.terminate());
    const connection = new IngestConnection(socket, app, viewer, log);
    connections.set(socket, connection);
    const end = () => socket.close(4403, "Access ended");
    const forget = app.connections.add(viewer.principal, end);
    const expiry =
      viewer.expiresAt && setTimeout(end, Math.min(viewer.expiresAt.getTime() - Date.now(), maxTimerMs)).unref();
    const stopPinging = keepAlive(socket, connection);
    socket.once("close", () => {
      connections.delete(socket);
      forget();
      stopPinging();
      if (expiry) clearTimeout(expiry);
    });
    // Revoked between the look and the registration: then nobody would have closed this socket.
    await writerOf(app, request).catch(end);
  };

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!asksForIngest(request)) return;
    // A peer that leaves while it is being looked at.
    socket.on("error", () => socket.destroy());
    void upgrade(request, socket, head);
  });

  return {
    async dispose() {
      const answered = Promise.all([...connections.values()].map((connection) => connection.drained()));
      await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())]);
      for (const socket of connections.keys()) {
        socket.resume();
        socket.close(1001, "The API stops");
      }
    },
  };
}

const statusOf: Readonly<Record<string, number>> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, UNAVAILABLE: 503 };

/** Throws UNAUTHENTICATED, FORBIDDEN or UNAVAILABLE. */
async function writerOf(app: App, request: IncomingMessage): Promise<MemberViewer> {
  const { viewer } = await authenticate(app.db, request);
  if (!viewer) throw new AppError("UNAUTHENTICATED", "The ingest socket needs an API key.");
  if (viewer.kind === "SHARE_LINK" || !viewer.scopes.some((scope) => writing.includes(scope)))
    throw new AppError("FORBIDDEN", `The ingest socket needs a key with the scope ${writing.join(" or ")}.`);
  return viewer;
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function keepAlive(socket: WebSocket, connection: IngestConnection): () => void {
  let isHeard = true;
  const heard = () => {
    isHeard = true;
  };
  socket.on("pong", heard);
  socket.on("message", heard);
  const timer = setInterval(() => {
    // A paused socket reads no pong.
    if (!socket.isPaused && !isHeard) return socket.terminate();
    if (!connection.hasChannels) return socket.close(4408, "No channel was opened");
    isHeard = false;
    socket.ping();
  }, PING_MS).unref();
  return () => clearInterval(timer);
}
