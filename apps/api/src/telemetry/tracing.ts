import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, Server } from "node:http";
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { requestIdOf } from "../request-id.js";
import { traceStatements } from "./trace-statements.js";

/**
 * Sends a span of every request, and of every statement that it makes the database do, to an OpenTelemetry collector (OTLP over HTTP). A
 * request that names its trace (`traceparent`) becomes part of that. Nothing that a request or a statement holds is in it: the path without
 * its query, the name of the operation, the text of a statement with its placeholders. Only loaded where a collector is configured.
 */
export class Tracing {
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #current = new AsyncLocalStorage<Span>();
  readonly #stopStatements: () => void;

  /** `endpoint`: base address of the collector, as in OTEL_EXPORTER_OTLP_ENDPOINT. */
  constructor(endpoint: string, headers: Readonly<Record<string, string>> = {}) {
    const url = `${endpoint.replace(/\/$/, "")}/v1/traces`;
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ "service.name": "residual-api" }),
      spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url, headers }) })],
    });
    this.#tracer = this.#provider.getTracer("residual");
    this.#stopStatements = traceStatements((text) => this.#beginStatement(text));
  }

  /** Its requests; before anything else listens to them. */
  watch(server: Server): void {
    server.prependListener("request", (request, response) => {
      const span = this.#tracer.startSpan(
        `${request.method} ${routeOf(request)}`,
        {
          kind: SpanKind.SERVER,
          attributes: {
            "http.request.method": request.method ?? "",
            "url.path": pathOf(request),
            "residual.request_id": requestIdOf(request),
          },
        },
        parentOf(request),
      );
      // For everything that the listeners after this one begin.
      this.#current.enterWith(span);
      response.once("close", () => {
        span.setAttribute("http.response.status_code", response.statusCode);
        if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
    });
  }

  /** Says which operation the request that is being answered is about. */
  nameOperation(kind: string, name: string | null): void {
    const span = this.#current.getStore();
    span?.updateName(`${kind} ${name ?? "(without a name)"}`);
    span?.setAttribute("graphql.operation.type", kind);
    if (name) span?.setAttribute("graphql.operation.name", name);
  }

  /** Sends what it still has. */
  async close(): Promise<void> {
    this.#stopStatements();
    await this.#provider.shutdown();
  }

  /** Null for what no request began: the sweeps of this process, and commits that serve many requests. */
  #beginStatement(text: string): ((error: unknown) => void) | null {
    const parent = this.#current.getStore();
    if (!parent) return null;
    const verb = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? "SQL";
    const attributes = { "db.system.name": "postgresql", "db.query.text": text };
    const span = this.#tracer.startSpan(
      verb,
      { kind: SpanKind.CLIENT, attributes },
      trace.setSpan(ROOT_CONTEXT, parent),
    );
    return (error) => {
      if (error) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    };
  }
}

const pathOf = ({ url }: IncomingMessage): string => (url ?? "/").split("?")[0]!;
/** The part of a path that names no object. */
const routeOf = (request: IncomingMessage): string => `/${pathOf(request).split("/")[1] ?? ""}`;

/** W3C Trace Context: version, trace, span, flags. */
const traceparent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function parentOf({ headers }: IncomingMessage) {
  const [, traceId, spanId, flags] = traceparent.exec(String(headers.traceparent ?? "")) ?? [];
  if (!traceId || !spanId || !flags || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}
