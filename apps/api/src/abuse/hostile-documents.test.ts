import "reflect-metadata";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import WebSocket from "ws";
import { startTestServer, type TestServer } from "../test-server.js";
import { asQuery, asSubscription, hostileSelections } from "./hostile-documents.fixture.js";

let server: TestServer;
let owner: Record<string, string>;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signIn();
});
afterAll(() => server.close());

/** What a socket answers to a subscription: the first message, or the code with which it is closed. */
async function overSocket(query: string): Promise<{ type: string; payload?: unknown } | number> {
  const socket = new WebSocket(server.url.replace("http", "ws"), "graphql-transport-ws", { headers: owner });
  await once(socket, "open");
  socket.send('{"type":"connection_init"}');
  await once(socket, "message");
  const closed = once(socket, "close").then(([code]) => code as number);
  const answered = once(socket, "message").then(([data]) => JSON.parse(String(data)) as { type: string });
  socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query } }));
  const answer = await Promise.race([closed, answered]);
  socket.terminate();
  return answer;
}

describe.each(hostileSelections)("a document with $name", (hostile) => {
  it("is refused over HTTP", async () => {
    const { status, errors } = await server.ask(asQuery(hostile), {}, owner);
    expect(status).toBe(400);
    expect(errors?.[0]?.extensions.code).toBe("BAD_INPUT");
  });

  it("is refused over a socket, or ends it", async () => {
    const answer = await overSocket(asSubscription(hostile));
    if (answer !== 1009) expect(answer).toMatchObject({ type: "error" });
  });
});

test("a hundred operations in one request are refused", async () => {
  const response = await fetch(server.url, {
    method: "POST",
    headers: { "content-type": "application/json", ...owner },
    body: JSON.stringify(Array.from({ length: 100 }, () => ({ query: "{ viewer { id } }" }))),
  });
  expect(response.status).toBe(400);
});

test("who is not told the schema is not told either what a wrong word was near to", async () => {
  const wrong = "{ vewer { id } }";
  expect((await server.ask(wrong, {}, owner)).errors?.[0]?.message).toContain("Did you mean");
  expect((await server.ask(wrong)).errors?.[0]?.message).toBe('Cannot query field "vewer" on type "Query".');
});
