import "reflect-metadata";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../test-server.js";

type SentSpan = {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
  status: { code?: number };
};

/** A collector of the OTLP protocol, as a program beside this one would be. */
const received: { headers: IncomingHttpHeaders; spans: SentSpan[]; service: string }[] = [];
const collector = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (text: string) => (body += text));
  request.on("end", () => {
    expect(request.url).toBe("/v1/traces");
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans)
      for (const { spans } of scopeSpans)
        received.push({ headers: request.headers, spans, service: JSON.stringify(resource.attributes) });
    response.setHeader("content-type", "application/json").end("{}");
  });
});

let server: TestServer;
beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const { port } = collector.address() as { port: number };
  server = await startTestServer(null, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/`,
    OTEL_EXPORTER_OTLP_HEADERS: "x-team=vision,authorization=Bearer%20collector",
  });
});
afterAll(() => collector.close());

it("a request and its statements are one trace, that of whoever asked, and hold nothing that is secret or personal", async () => {
  const owner = await server.signIn();
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const headers = { ...owner, traceparent: `00-${traceId}-b7ad6b7169203331-01` };
  const { data } = await server.ask(
    "query Mine($first: Int!) { projects(first: $first) { nodes { slug } } }",
    { first: 3 },
    headers,
  );
  expect(data.projects.nodes).toEqual([]);
  await fetch(new URL("/export/series.csv?run=run_none&secret=hunter2", server.url), { headers: owner });
  await server.close();

  const spans = received.flatMap((sent) => sent.spans);
  const request = spans.find(({ name }) => name === "query Mine")!;
  expect(request).toMatchObject({ traceId, parentSpanId: "b7ad6b7169203331" });
  expect(request.attributes).toContainEqual({ key: "http.response.status_code", value: { intValue: 200 } });
  const statements = spans.filter(({ parentSpanId }) => parentSpanId === request.spanId);
  expect(statements.length).toBeGreaterThan(1);
  expect(statements.every((statement) => statement.traceId === traceId)).toBe(true);
  expect(spans.map(({ name }) => name)).toContain("GET /export");
  expect(received[0]!.service).toContain("residual-api");
  expect(received[0]!.headers).toMatchObject({ "x-team": "vision", authorization: "Bearer collector" });
  const everything = JSON.stringify(received.map((sent) => sent.spans));
  expect(everything).not.toMatch(/hunter2|the owner's token|residual_session=/);
  expect(everything).not.toContain(owner["cookie"]!.split("=")[1]);
});
