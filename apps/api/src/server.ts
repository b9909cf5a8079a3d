import { createServer, type IncomingMessage, type Server } from "node:http";
import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { ApolloServerPluginDrainHttpServer } from "@apollo/server/plugin/drainHttpServer";
import { maxRequestBytes, requestTooLarge } from "@residual/shared";
import express, { type ErrorRequestHandler, type RequestHandler, type Response } from "express";
import type { GraphQLSchema } from "graphql";
import { authenticate } from "./authenticate.js";
import { type App, type Context, createContext } from "./context.js";
import { deviceCookie, formatCookie, readCookie, sessionCookie } from "./cookies.js";
import { DashboardOperations } from "./dashboard-operations.js";
import { serveDirectLogging } from "./direct-logging/serve-direct-logging.js";
import { errorBody } from "./error-body.js";
import { isDatabaseAway } from "./errors.js";
import { formatError } from "./format-error.js";
import { guardOperations } from "./guard-operations.js";
import { HttpRoutes } from "./http-routes.js";
import { refusedOrigin } from "./http-rules.js";
import { serveIngestSocket } from "./ingest-socket/serve-ingest-socket.js";
import type { Log } from "./log.js";
import { serveOidc } from "./modules/account/serve-oidc.js";
import { rotateSession } from "./modules/account/session.js";
import { serveArtifacts } from "./modules/artifact/serve-artifacts.js";
import { serveUploads } from "./modules/artifact/serve-uploads.js";
import { serveExports } from "./modules/export/serve-exports.js";
import { serveImages } from "./modules/image/serve-images.js";
import { answerSeries } from "./modules/metric/answer-series.js";
import { serveEmbeds } from "./modules/share-link/serve-embeds.js";
import { limitQueries, queryLimits } from "./query-limits.js";
import { refuseOverflow } from "./query-numbers.js";
import { routeReads } from "./read-replica/route-reads.js";
import { requestIdOf } from "./request-id.js";
import { serveGraphql } from "./serve-graphql.js";
import { serveTelemetry } from "./telemetry/serve-telemetry.js";
import { Telemetry } from "./telemetry/telemetry.js";
import type { Tracing } from "./telemetry/tracing.js";
import { serveWebSocket } from "./websocket.js";

export interface RunningServer {
  port: number;
  /** What is served: `/path`, or `POST /path`. */
  addresses: readonly string[];
  /** Ends subscriptions, lets requests finish (5 s at most), closes the port. */
  close(): Promise<void>;
}

/** Serves /graphql (HTTP and WebSocket), /export, /image, /artifact, /upload, /embed-origins, /oembed, /sign-in/oidc, /healthz, /readyz and /metrics on loopback. */
export async function startServer(app: App, schema: GraphQLSchema, log: Log): Promise<RunningServer> {
  // Its ETag would be a hash of every answer, for caches that may keep none; what has a validator sets its own.
  const web = express().disable("x-powered-by").disable("etag");
  const timeouts = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 };
  const server = createServer(timeouts, serveDirectLogging(app, schema, log, web));
  const telemetry = new Telemetry(app);
  telemetry.watch(server);
  const tracing = await startTracing(app);
  tracing?.watch(server);
  const dashboard = new DashboardOperations();
  const webSocket = serveWebSocket(server, schema, app, dashboard, log);
  const ingestSocket = serveIngestSocket(server, app, log);
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: queryLimits.tokens },
    validationRules: [limitQueries, refuseOverflow],
    formatError: (formatted, error) => formatError(formatted, error, log),
    // Its own handlers would end the process in the middle of our shutdown.
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // Answers to POST are not cached; it would still wrap the resolver of each field, which slows long lists.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginDrainHttpServer({ httpServer: server, stopGracePeriodMillis: 5_000 }),
      sayUnavailable,
      guardOperations(dashboard),
      routeReads,
      ...(tracing ? [nameOperations(tracing)] : []),
      answerSeries(schema),
    ],
  });
  await apollo.start();

  const contextOf = (request: IncomingMessage, response: Response) =>
    httpContext(app, request, (cookie) => response.append("Set-Cookie", cookie));
  const routes = new HttpRoutes(web, contextOf, log);
  routes.everywhere((_request, response, next) => {
    response.set({ "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store" });
    next();
  });
  routes.everywhere(sameMachineOnly(app));
  let closing: Promise<void> | undefined;
  routes.getOpen("/healthz", (_request, response) => void response.json({ status: "ok" }));
  routes.getOpen(
    "/readyz",
    readiness(app, () => closing !== undefined),
  );
  // It knows a token of its own.
  routes.getOpen("/metrics", serveTelemetry(telemetry, app));
  // Its fields say themselves who may use them: allow.ts.
  routes.mount(
    "/graphql",
    ["PUBLIC"],
    postOnly,
    utf8Only,
    express.json({ limit: maxRequestBytes }),
    serveGraphql(apollo, contextOf),
  );
  routes.get("/export/:file", ["READ", "SHARED"], "An export", serveExports());
  routes.get("/image/:run/:images/:index", ["READ", "SHARED"], "A picture", serveImages());
  serveArtifacts(routes);
  serveUploads(routes);
  serveEmbeds(routes);
  serveOidc(routes, app, log);
  routes.everywhere(notFoundHere);
  routes.onError(bodyErrors);
  routes.check();

  await listen(server, app.env.PORT);
  const close = async () => {
    await webSocket.dispose();
    await ingestSocket.dispose();
    await apollo.stop();
    await tracing?.close();
  };
  const { port } = server.address() as { port: number };
  return { port, addresses: routes.declared.map(({ address }) => address), close: () => (closing ??= close()) };
}

/** Loaded where it is used alone: it would cost every start a tenth of a second. */
async function startTracing({ env }: App): Promise<Tracing | null> {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT) return null;
  const { Tracing } = await import("./telemetry/tracing.js");
  return new Tracing(env.OTEL_EXPORTER_OTLP_ENDPOINT, env.OTEL_EXPORTER_OTLP_HEADERS);
}

function nameOperations(tracing: Tracing): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, operationName }) {
          if (operation) tracing.nameOperation(operation.operation, operationName);
        },
      };
    },
  };
}

async function httpContext(
  app: App,
  request: IncomingMessage,
  appendCookie: (cookie: string) => void,
): Promise<Context> {
  const isSecure = app.env.RESIDUAL_WEB_ORIGIN?.startsWith("https:") ?? false;
  const { isDue, ...authentication } = await authenticate(app.db, request);
  const setCookie = (name: string, value: string | null, expiresAt?: Date) =>
    appendCookie(formatCookie(name, value, expiresAt, isSecure));
  if (isDue) {
    const { principal, expiresAt } = authentication.viewer!;
    const successor = await rotateSession(app.db, principal);
    if (successor) setCookie(sessionCookie, successor, expiresAt ?? undefined);
  }
  return createContext(app, {
    ...authentication,
    requestId: requestIdOf(request),
    // Not X-Forwarded-For: anyone on this machine could write it.
    address: request.socket.remoteAddress ?? "",
    userAgent: request.headers["user-agent"] ?? "",
    device: readCookie(request, deviceCookie) ?? null,
    setCookie,
  });
}

/** 503 when the database was away, so that clients repeat the request as they do for any other outage. */
const sayUnavailable: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ errors, response }) {
        if (errors?.some((error) => isDatabaseAway(error.originalError))) response.http.status = 503;
      },
    };
  },
};

function sameMachineOnly({ env }: App): RequestHandler {
  return (request, response, next) => {
    const refused = refusedOrigin(request, env.RESIDUAL_WEB_ORIGIN);
    if (!refused) return next();
    response.status(refused.status).json(errorBody(request, "FORBIDDEN", refused.message));
  };
}

const postOnly: RequestHandler = (request, response, next) => {
  if (request.method === "POST") return next();
  response
    .status(405)
    .set("Allow", "POST")
    .json(errorBody(request, "BAD_INPUT", "Send GraphQL by POST with a JSON body."));
};

/** JSON is UTF-8. The parser would read other alphabets too, at a cost that their writers choose. */
const utf8Only: RequestHandler = (request, response, next) => {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers["content-type"] ?? "")?.[1];
  if (charset === undefined || charset.toLowerCase() === "utf-8") return next();
  response.status(415).json(errorBody(request, "BAD_INPUT", "Send JSON as UTF-8: Content-Type: application/json."));
};

const notFoundHere: RequestHandler = (request, response) => {
  response.status(404).json(errorBody(request, "NOT_FOUND", "There is nothing at this address."));
};

/** 503 where requests should go elsewhere: the database is away, or this process is about to end. */
function readiness({ pool }: App, isClosing: () => boolean): RequestHandler {
  return async (_request, response) => {
    if (isClosing()) return void response.status(503).json({ status: "closing" });
    try {
      await pool.query("SELECT 1");
      response.json({ status: "ok" });
    } catch {
      response.status(503).json({ status: "database away" });
    }
  };
}

/** What the body parser refuses, in the form of every other answer. */
const bodyErrors: ErrorRequestHandler = (error, request, response, _next) => {
  if (error.type === "entity.too.large") {
    response.status(413).json(errorBody(request, "TOO_LARGE", requestTooLarge, { limit: maxRequestBytes }));
  } else {
    const status = typeof error.status === "number" && error.status < 500 ? error.status : 500;
    const message =
      status === 500 ? "Something went wrong inside the API." : `The body cannot be read: ${error.message}`;
    response.status(status).json(errorBody(request, status === 500 ? "INTERNAL" : "BAD_INPUT", message));
  }
};

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
}
