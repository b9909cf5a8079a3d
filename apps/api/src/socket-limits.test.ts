import "reflect-metadata";
import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { DashboardOperations } from "./dashboard-operations.js";
import { createApiKey } from "./modules/account/api-key.js";
import { openTestApi, type TestApi } from "./test-api.fixture.js";
import { operator } from "./test-viewer.fixture.js";
import { serveWebSocket } from "./websocket.js";

let api: TestApi;
const closings: (() => Promise<void>)[] = [];

beforeAll(async () => {
  api = await openTestApi();
});
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});
afterAll(() => api.close());

/** Serves WebSockets that are pinged so often (the usual way: every 12 s); returns the address. */
async function serve(pingMs?: number): Promise<string> {
  const server = createServer();
  const sockets = serveWebSocket(server, api.schema, api.app, new DashboardOperations(), () => {}, pingMs);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closings.push(async () => {
    await sockets.dispose();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as { port: number }).port}/graphql`;
}

async function newKey(): Promise<string> {
  const input = { name: "test", scopes: ["READ" as const], expiresInDays: null };
  return (await createApiKey(api.database.db, operator, null, input)).key;
}

/** A socket after its connection_init; resolves to whether it was accepted, or the code with which it was closed. */
async function connect(url: string, key: string, options: ClientOptions = {}) {
  const socket = new WebSocket(url, "graphql-transport-ws", options);
  const closed = once(socket, "close").then(([code]) => code as number);
  await once(socket, "open");
  const answered = once(socket, "message").then(() => "accepted" as const);
  socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${key}` } }));
  return { socket, closed, outcome: await Promise.race([answered, closed]) };
}

test("a peer that answers no ping is ended, while one that answers stays", async () => {
  const url = await serve(1_000);
  const key = await newKey();
  const alive = await connect(url, key);
  const dead = await connect(url, key, { autoPong: false });
  expect(await dead.closed).toBe(1006);
  expect(alive.socket.readyState).toBe(WebSocket.OPEN);
  alive.socket.terminate();
});

test("a credential holds 64 sockets; the next is closed with 4429, and one that ends makes room again", async () => {
  const url = await serve();
  const key = await newKey();
  const open = await Promise.all(Array.from({ length: 64 }, () => connect(url, key)));
  expect(open.every(({ outcome }) => outcome === "accepted")).toBe(true);
  expect((await connect(url, key)).outcome).toBe(4429);
  const someoneElse = await connect(url, await newKey());
  expect(someoneElse.outcome).toBe("accepted");
  open[0]!.socket.close();
  await open[0]!.closed;
  let next = await connect(url, key);
  // The server hears of the end a moment after its peer.
  while (next.outcome !== "accepted") next = await connect(url, key);
  for (const { socket } of [...open, someoneElse, next]) socket.terminate();
});
