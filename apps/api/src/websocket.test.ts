import "reflect-metadata";
import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { queueTestRuns, type Seed, seed } from "./test-seed.js";
import { startTestServer, type TestServer } from "./test-server.js";

let server: TestServer;
let seeded: Seed;
let owner: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  seeded = await seed(server.database);
});
beforeEach(async () => {
  owner = await server.signIn();
});
afterAll(() => server.close());

interface Message {
  type: string;
  id?: string;
  payload?: { data?: Record<string, unknown>; message?: string }[] & { data?: { runUpdates: { run: unknown } } };
}

/** A client that speaks graphql-transport-ws by hand, so that it can also misbehave. */
async function connect(headers: Record<string, string>, params: Record<string, unknown> = {}) {
  const socket = new WebSocket(server.url.replace("http", "ws"), "graphql-transport-ws", { headers });
  const messages: Message[] = [];
  const waiting: ((message: Message) => void)[] = [];
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as Message;
    const wake = waiting.shift();
    if (wake) wake(message);
    else messages.push(message);
  });
  const closed = once(socket, "close").then(([code]) => code as number);
  await once(socket, "open");
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: "connection_init", payload: params });
  return {
    closed,
    send,
    close: () => socket.close(),
    next: () =>
      new Promise<Message>((resolve) => (messages.length ? resolve(messages.shift()!) : waiting.push(resolve))),
    subscribe: (query: string, id = "1") => send({ id, type: "subscribe", payload: { query } }),
  };
}

const follow = (project: string) => `subscription { runUpdates(project: "${project}") { run { id name } change } }`;
const slugOf = async () =>
  (await server.database.pool.query("SELECT slug FROM project WHERE id = $1", [seeded.project.id])).rows[0].slug;

describe("who may connect", () => {
  test("nobody without a credential, nor with a wrong key: 4403", async () => {
    expect(await (await connect({})).closed).toBe(4403);
    expect(await (await connect({}, { authorization: "Bearer res_unknown" })).closed).toBe(4403);
  });

  test("no page of another site, whoever's cookie its browser sends along", async () => {
    const socket = new WebSocket(server.url.replace("http", "ws"), "graphql-transport-ws", {
      headers: { ...owner, origin: "https://evil.example" },
    });
    const [error] = await once(socket, "error");
    expect((error as Error).message).toContain("403");
  });
});

describe("what runs over a socket", () => {
  test.each([
    ["a query", "{ projects { nodes { id } } }", /Only subscriptions/],
    [
      "10,000 aliases",
      `subscription { ${Array.from({ length: 10_000 }, (_, i) => `a${i}: runUpdates(project: "p") { change }`)
        .join(" ")
        .slice(0, 60_000)} }`,
      /tokens|Syntax/,
    ],
    ["an unknown field", "subscription { nothing }", /nothing/],
  ])("%s does not", async (_, query, reason) => {
    const client = await connect(owner);
    await client.next();
    client.subscribe(query);
    const { type, payload } = await client.next();
    expect(type).toBe("error");
    expect(payload?.[0]?.message).toMatch(reason);
    client.close();
  });

  test("a 17th subscription ends the socket", async () => {
    const client = await connect(owner);
    await client.next();
    const query = follow(await slugOf());
    for (let i = 0; i < 17; i++) client.subscribe(query, String(i));
    expect(await client.closed).toBe(4429);
  });

  test("each event shows the run as it is then, not as an earlier event read it", async () => {
    const [runId] = await queueTestRuns(server.database, seeded, 1);
    const client = await connect(owner);
    await client.next();
    const listening = vi.spyOn(server.app.events, "onRunChanged");
    client.subscribe(follow(await slugOf()));
    const rename = (name: string) =>
      server.ask(
        "mutation ($id: ID!, $name: String!) { updateRun(input: {id: $id, name: $name}) { id } }",
        { id: runId, name },
        owner,
      );
    // It stands only once its project was read; what is renamed before is none of its events.
    await vi.waitFor(() => expect(listening).toHaveBeenCalled(), 20_000);
    for (const name of ["first", "second"]) {
      await rename(name);
      expect((await client.next()).payload?.data?.runUpdates.run).toEqual({ id: runId, name });
    }
    client.close();
  });
});

describe("an open socket is closed with 4403", () => {
  test("when its owner signs out", async () => {
    const client = await connect(owner);
    await client.next();
    await server.ask("mutation { signOut }", {}, owner);
    expect(await client.closed).toBe(4403);
    expect((await server.ask("{ projects { nodes { id } } }", {}, owner)).errors?.[0]?.extensions.code).toBe(
      "UNAUTHENTICATED",
    );
  });

  test("when its API key is revoked", async () => {
    const { data } = await server.ask(
      'mutation { createApiKey(input: {name: "notebook", scopes: [READ]}) { key apiKey { id } } }',
      {},
      owner,
    );
    const { key, apiKey } = data.createApiKey;
    const client = await connect({}, { authorization: `Bearer ${key}` });
    await client.next();
    await server.ask("mutation ($id: ID!) { revokeApiKey(id: $id) { revokedAt } }", { id: apiKey.id }, owner);
    expect(await client.closed).toBe(4403);
    const late = await server.ask("{ projects { nodes { id } } }", {}, { authorization: `Bearer ${key}` });
    expect(late).toMatchObject({ status: 401, errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
  });

  test("when its credential expires", async () => {
    await server.database.pool.query("UPDATE session SET expires_at = now() + interval '300 milliseconds'");
    const client = await connect(owner);
    await client.next();
    expect(await client.closed).toBe(4403);
  });
});
