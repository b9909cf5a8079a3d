import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type DocumentNode, type ExecutionResult, execute, type GraphQLError, type GraphQLSchema } from "graphql";
import { type Authentication, authenticate } from "../authenticate.js";
import { type App, createContext } from "../context.js";
import { errorBody } from "../error-body.js";
import { isDatabaseAway } from "../errors.js";
import { formatError } from "../format-error.js";
import { refusedOrigin } from "../http-rules.js";
import type { Log } from "../log.js";
import { mustSeeNow } from "../read-replica/route-reads.js";
import { requestIdOf } from "../request-id.js";
import { LogDocuments } from "./log-documents.js";
import { hasPlainJson, readBody } from "./read-body.js";
import { RecentKeys } from "./recent-keys.js";

type Body = { query?: unknown; variables?: unknown; operationName?: unknown };

/**
 * Answers requests that only log metrics with an API key, as Apollo would, and hands every other one to `next`: what Express, Apollo and two
 * look-ups in the database cost for one step of a training is many times what storing it costs. The schema runs the fields, so permissions,
 * limits and errors are the same ones. Whatever is not plain (another header or document, a key that opens nothing, variables that do not fit)
 * goes the long way with its body read; nothing of it has run then.
 */
export function serveDirectLogging(app: App, schema: GraphQLSchema, log: Log, next: RequestListener): RequestListener {
  const documents = new LogDocuments(schema);
  const keys = new RecentKeys();
  app.events.onAccessRevoked(() => keys.forget());
  app.events.onMissed(async () => keys.forget());

  const answer = async (request: IncomingMessage, response: ServerResponse, authorization: string): Promise<void> => {
    let body: Body;
    try {
      body = JSON.parse((await readBody(request)).toString());
    } catch (error) {
      return send(
        response,
        400,
        errorBody(request, "BAD_INPUT", `The body cannot be read: ${(error as Error).message}`),
      );
    }
    const document = documents.find(body?.query);
    const authentication =
      document && (await keys.find(authorization, () => authenticate(app.db, request)).catch(() => null));
    const isKey = authentication?.viewer?.kind === "API_KEY";
    const result = document && isKey ? await run(document, body, authentication, request) : null;
    if (!result || !("data" in result)) {
      // Express leaves a request alone whose body was read to its end.
      Object.assign(request, { body });
      return next(request, response);
    }
    const { errors, data } = result;
    const isAway = errors?.some((error) => isDatabaseAway(error.originalError)) ?? false;
    send(response, isAway ? 503 : 200, {
      ...(errors && { errors: errors.map((error) => formatted(error, requestIdOf(request))) }),
      data,
    });
  };

  /** Null where the request is none of GraphQL's. A result without data: nothing was run. */
  const run = async (
    document: DocumentNode,
    { variables, operationName }: Body,
    authentication: Authentication,
    request: IncomingMessage,
  ): Promise<ExecutionResult | null> => {
    if (!isObject(variables) || (operationName != null && typeof operationName !== "string")) return null;
    const contextValue = createContext(app, {
      ...authentication,
      requestId: requestIdOf(request),
      address: request.socket.remoteAddress ?? "",
    });
    const result = await execute({ schema, document, contextValue, variableValues: variables, operationName });
    mustSeeNow(contextValue);
    return result;
  };

  const formatted = (error: GraphQLError, requestId: string) =>
    formatError({ ...error.toJSON(), extensions: { code: "INTERNAL", ...error.extensions } }, error, log, requestId);

  return (request, response) => {
    const { authorization } = request.headers;
    if (!authorization || !isPlainPost(request) || refusedOrigin(request, app.env.RESIDUAL_WEB_ORIGIN))
      return next(request, response);
    answer(request, response, authorization).catch((error: Error) => {
      log(`A request that logs metrics failed: ${error.stack}`);
      response.destroy();
    });
  };
}

function isPlainPost(request: IncomingMessage): boolean {
  const { method, url, headers } = request;
  // The media type of GraphQL over HTTP has status codes of its own.
  return method === "POST" && url === "/graphql" && !headers.accept?.includes("graphql") && hasPlainJson(request);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  const headers = {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  };
  response.writeHead(status, headers).end(text);
}
