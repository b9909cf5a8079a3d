import type { Server } from "node:http";
import { GraphQLError, type GraphQLSchema, getOperationAST } from "graphql";
import type { Disposable } from "graphql-ws";
import { type Extra, useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { authenticate } from "./authenticate.js";
import { type App, type Context, createContext } from "./context.js";
import type { DashboardOperations } from "./dashboard-operations.js";
import { AppError } from "./errors.js";
import { formatError } from "./format-error.js";
import { withoutHints } from "./guard-operations.js";
import { refusedOrigin } from "./http-rules.js";
import { asksForIngest } from "./ingest-socket/serve-ingest-socket.js";
import { type LiveDocument, LiveDocuments } from "./live/live-documents.js";
import { type LiveArgs, liveResults } from "./live/live-results.js";
import { SocketRoom } from "./live/socket-room.js";
import type { Log } from "./log.js";
import { mustSeeNow } from "./read-replica/route-reads.js";
import { newRequestId } from "./secret.js";
import type { Viewer } from "./viewer.js";

const maxSubscriptionsPerSocket = 16;
/** Sockets of this process together, and of one credential; behind a share link may be a whole audience. */
const maxSockets = { total: 2_000, ofMember: 64, ofShareLink: 1_000 } as const;
/** A peer that does not answer a ping within this time is gone: it then costs nothing any more after twice as long. */
const keepAliveMs = 12_000;
const maxMessageBytes = 64 * 1024;
const maxTimerMs = 2 ** 31 - 1;

/** Of one socket: who opened it, and how to forget it. */
interface SocketExtra extends Extra {
  viewer?: Viewer;
  room?: SocketRoom;
  forget?: () => void;
  [key: PropertyKey]: unknown;
}

/**
 * Subscriptions on the same server and under the same rules as HTTP: origin, viewer, limits of documents. Nothing but
 * subscriptions runs here. A socket is closed when its credential is revoked or expires (4403) or holds too many subscriptions or sockets
 * (4429), refused (503) when the process has too many, and ended when its peer no longer answers.
 */
export function serveWebSocket(
  server: Server,
  schema: GraphQLSchema,
  app: App,
  dashboard: DashboardOperations,
  log: Log,
  pingMs = keepAliveMs,
): Disposable {
  const documents = new LiveDocuments(schema);
  const socketsOf = new Map<string, number>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  server.on("upgrade", (request, socket, head) => {
    if (asksForIngest(request)) return;
    const refused = refusedOrigin(request, app.env.RESIDUAL_WEB_ORIGIN);
    const isGraphql = request.url?.split("?")[0] === "/graphql";
    const status = refused?.status ?? (!isGraphql ? 404 : sockets.clients.size >= maxSockets.total ? 503 : null);
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit("connection", webSocket, request));
  });
  const format = (errors: readonly GraphQLError[], requestId = newRequestId()) =>
    errors.map((error) => formatError(error.toJSON(), error, log, requestId));
  return useServer<Record<string, unknown>, SocketExtra>(
    {
      async onConnect({ connectionParams, extra }) {
        const viewer = await viewerOfSocket(app, connectionParams, extra);
        if (!viewer) return false;
        const { principal } = viewer;
        const count = (socketsOf.get(principal) ?? 0) + 1;
        if (count > (viewer.kind === "SHARE_LINK" ? maxSockets.ofShareLink : maxSockets.ofMember)) {
          extra.socket.close(4429, "Too many sockets");
          return false;
        }
        socketsOf.set(principal, count);
        const close = () => extra.socket.close(4403, "Access ended");
        const forget = app.connections.add(principal, close);
        const timer =
          viewer.expiresAt && setTimeout(close, Math.min(viewer.expiresAt.getTime() - Date.now(), maxTimerMs)).unref();
        const room = new SocketRoom(extra.socket);
        const drained = () => room.drained();
        extra.request.socket.on("drain", drained);
        extra.socket.on("close", drained);
        extra.viewer = viewer;
        extra.room = room;
        extra.forget = () => {
          forget();
          const left = socketsOf.get(principal)! - 1;
          if (left > 0) socketsOf.set(principal, left);
          else socketsOf.delete(principal);
          if (timer) clearTimeout(timer);
        };
        // Revoked between the look and the registration: then nobody would have closed this socket.
        return (await viewerOfSocket(app, connectionParams, extra)) !== null;
      },
      onClose({ extra }) {
        extra.forget?.();
      },
      onSubscribe({ extra, subscriptions }, _id, payload) {
        if (Object.keys(subscriptions).length > maxSubscriptionsPerSocket) {
          extra.socket.close(4429, "Too many subscriptions");
          return [new AppError("RATE_LIMITED", `A socket holds at most ${maxSubscriptionsPerSocket} subscriptions.`)];
        }
        const prepared = documents.prepare(payload.query, payload.operationName);
        if (!("document" in prepared))
          return extra.viewer!.kind === "SHARE_LINK"
            ? prepared.map((error) => new GraphQLError(withoutHints({ message: error.message }).message))
            : prepared;
        const refusal = extra.viewer!.kind === "SHARE_LINK" && refusalOf(dashboard, prepared, payload.operationName);
        if (refusal) return [refusal];
        const freshContext = contextFactory(app, extra.viewer!);
        const { operationName, variables: variableValues } = payload;
        const room = () => extra.room!.room();
        return { schema, ...prepared, operationName, variableValues, contextValue: freshContext(), freshContext, room };
      },
      subscribe: (args) => liveResults(args as LiveArgs),
      onError: (_context, _id, _payload, errors) => format(errors as GraphQLError[]),
      onNext({ extra }, _id, _payload, _args, result) {
        // What is asked for because of this event must not come from a replica that does not know of it yet.
        mustSeeNow({ replica: app.replica, viewer: extra.viewer ?? null });
        return result.errors ? { ...result, errors: format(result.errors as GraphQLError[]) } : result;
      },
    },
    sockets,
    pingMs,
  );
}

/** Why the holder of a share link may not have this subscription; null where the dashboard asks for it too. */
function refusalOf(
  dashboard: DashboardOperations,
  { document }: LiveDocument,
  operationName: string | null | undefined,
): AppError | null {
  try {
    dashboard.check(document, getOperationAST(document, operationName)!);
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

async function viewerOfSocket(
  app: App,
  params: Record<string, unknown> | undefined,
  { request }: SocketExtra,
): Promise<Viewer | null> {
  const authorization = typeof params?.authorization === "string" ? params.authorization : undefined;
  try {
    return (await authenticate(app.db, request, authorization)).viewer;
  } catch (error) {
    if (error instanceof AppError && error.extensions.code === "UNAUTHENTICATED") return null;
    throw error;
  }
}

function contextFactory(app: App, viewer: Viewer): () => Context {
  const share = viewer.kind === "SHARE_LINK" ? viewer : null;
  return () => createContext(app, { viewer, share, sessionToken: null, requestId: newRequestId() });
}
