import type { Server } from "node:http";
import {
  createSourceEventStream,
  type ExecutionArgs,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import type { Disposable } from "graphql-ws";
import { type Extra, useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { authenticate } from "./authenticate.js";
import { type App, type Context, createContext } from "./context.js";
import { AppError } from "./errors.js";
import { formatError } from "./format-error.js";
import { refusedOrigin } from "./http-rules.js";
import { asksForIngest } from "./ingest-socket/serve-ingest-socket.js";
import { limitQueries, queryLimits } from "./query-limits.js";
import { refuseOverflow } from "./query-numbers.js";
import { mustSeeNow } from "./read-replica/route-reads.js";
import { newSecret } from "./secret.js";
import type { Viewer } from "./viewer.js";

const maxSubscriptionsPerSocket = 16;
const maxMessageBytes = 64 * 1024;
const maxTimerMs = 2 ** 31 - 1;

/** Of one socket: who opened it, and how to forget it. */
interface SocketExtra extends Extra {
  viewer?: Viewer;
  forget?: () => void;
  [key: PropertyKey]: unknown;
}

/**
 * Subscriptions on the same server and under the same rules as HTTP: origin, viewer, limits of documents. Nothing but
 * subscriptions runs here. A socket is closed (4403) when its credential is revoked or expires.
 */
export function serveWebSocket(
  server: Server,
  schema: GraphQLSchema,
  app: App,
  log: (line: string) => void,
): Disposable {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  server.on("upgrade", (request, socket, head) => {
    if (asksForIngest(request)) return;
    const refused = refusedOrigin(request, app.env.RESIDUAL_WEB_ORIGIN);
    const isGraphql = request.url?.split("?")[0] === "/graphql";
    if (refused || !isGraphql) {
      socket.end(`HTTP/1.1 ${refused?.status ?? 404} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit("connection", webSocket, request));
  });
  const format = (errors: readonly GraphQLError[]) => errors.map((error) => formatError(error.toJSON(), error, log));
  return useServer<Record<string, unknown>, SocketExtra>(
    {
      async onConnect({ connectionParams, extra }) {
        const viewer = await viewerOfSocket(app, connectionParams, extra);
        if (!viewer) return false;
        const close = () => extra.socket.close(4403, "Access ended");
        const forget = app.connections.add(viewer.principal, close);
        const timer =
          viewer.expiresAt && setTimeout(close, Math.min(viewer.expiresAt.getTime() - Date.now(), maxTimerMs)).unref();
        extra.viewer = viewer;
        extra.forget = () => {
          forget();
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
        return prepare(schema, payload, contextFactory(app, extra.viewer!));
      },
      subscribe: (args) => subscribeWithFreshContexts(args as LiveArgs),
      onError: (_context, _id, _payload, errors) => format(errors as GraphQLError[]),
      onNext({ extra }, _id, _payload, _args, result) {
        // What is asked for because of this event must not come from a replica that does not know of it yet.
        mustSeeNow({ replica: app.replica, viewer: extra.viewer ?? null });
        return result.errors ? { ...result, errors: format(result.errors as GraphQLError[]) } : result;
      },
    },
    sockets,
  );
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

type LiveArgs = ExecutionArgs & { contextValue: Context; freshContext: () => Context };

function contextFactory(app: App, viewer: Viewer): () => Context {
  const share = viewer.kind === "SHARE_LINK" ? viewer : null;
  return () => createContext(app, { viewer, share, sessionToken: null, requestId: newSecret().slice(0, 8) });
}

/** Parses and checks a document as Apollo would; graphql-ws by itself knows none of our rules. */
function prepare(
  schema: GraphQLSchema,
  payload: { query: string; operationName?: string | null; variables?: Record<string, unknown> | null },
  freshContext: () => Context,
): LiveArgs | readonly GraphQLError[] {
  let document: ReturnType<typeof parse>;
  try {
    document = parse(payload.query, { maxTokens: queryLimits.tokens });
  } catch (error) {
    return [error as GraphQLError];
  }
  const errors = validate(schema, document, [...specifiedRules, limitQueries, refuseOverflow], { maxErrors: 10 });
  if (errors.length > 0) return errors;
  if (getOperationAST(document, payload.operationName)?.operation !== "subscription") {
    return [
      new AppError("BAD_INPUT", "Only subscriptions run over WebSocket. Send queries and mutations by HTTP POST."),
    ];
  }
  return {
    schema,
    document,
    operationName: payload.operationName,
    variableValues: payload.variables,
    contextValue: freshContext(),
    freshContext,
  };
}

/** Executes each event with loaders of its own: what an earlier event has read may have changed since. */
async function subscribeWithFreshContexts(args: LiveArgs) {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const events = source[Symbol.asyncIterator]();
  // No generator: its return() would wait for the next event before it ended the source.
  const results = {
    async next() {
      const { done, value } = await events.next();
      if (done) return { done: true as const, value: undefined };
      return {
        done: false as const,
        value: await execute({ ...args, rootValue: value, contextValue: args.freshContext() }),
      };
    },
    async return() {
      await events.return?.();
      return { done: true as const, value: undefined };
    },
    async throw(error: unknown) {
      await events.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return results;
    },
    async [Symbol.asyncDispose]() {
      await results.return();
    },
  };
  return results;
}
