import "reflect-metadata";
import { on, once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { DashboardOperations } from "../../dashboard-operations.js";
import { type RunningServer, startServer } from "../../server.js";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";

let api: TestApi;
let server: RunningServer;
beforeAll(async () => {
  api = await openTestApi();
  server = await startServer(api.app, api.schema, () => {});
});
afterAll(async () => {
  await server.close();
  await api.close();
});

async function createLink(run: TestRun): Promise<{ id: string; secret: string }> {
  const { createShareLink } = await api.ask<{ createShareLink: { path: string } }>(
    "mutation($run: ID!) { createShareLink(input: { scope: RUN, mode: LIVE, run: $run }) { path } }",
    { run: run.id },
  );
  const [id, secret] = createShareLink.path.slice("/s/".length).split("#");
  return { id: id!, secret: secret! };
}

async function post(query: string, variables: Record<string, unknown>, cookie = ""): Promise<Response> {
  return fetch(`http://127.0.0.1:${server.port}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: JSON.stringify({ query, variables }),
  });
}

/** Opens a link as a browser does; the cookie stands for the visitor from then on. */
async function visit(input: { id: string; secret: string }): Promise<string> {
  const response = await post("mutation($input: OpenShareLinkInput!) { openShareLink(input: $input) { title } }", {
    input,
  });
  const cookie = response.headers.get("set-cookie")!;
  expect(cookie).toMatch(/^residual_share=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Expires=/);
  return cookie.split(";")[0]!;
}

async function connect(
  cookie: string,
): Promise<{ socket: WebSocket; next(): Promise<{ type: string; payload?: unknown }> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/graphql`, "graphql-transport-ws", {
    headers: { cookie },
  });
  const messages = on(socket, "message");
  const next = async () => JSON.parse(String((await messages.next()).value[0]));
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init" }));
  expect(await next()).toMatchObject({ type: "connection_ack" });
  return { socket, next };
}

const dashboard = new DashboardOperations();
const subscribe = (run: string) =>
  JSON.stringify({
    id: "1",
    type: "subscribe",
    payload: { query: dashboard.textOf("MetricUpdates"), variables: { runs: [run] } },
  });

describe("a visitor's socket", () => {
  it("follows the shared run live, and no other", async () => {
    const [run, sibling] = (await insertTestRuns(api.database.pool, 2)) as [TestRun, TestRun];
    const cookie = await visit(await createLink(run));
    const { socket, next } = await connect(cookie);
    socket.send(subscribe(sibling.id));
    expect(await next()).toMatchObject({ payload: { errors: [{ extensions: { code: "NOT_FOUND" } }] } });
    expect(await next()).toMatchObject({ type: "complete" });
    socket.send(subscribe(run.id));
    while (api.app.feed.size === 0) await new Promise(setImmediate);
    const update = next();
    await api.ask("mutation($input: LogMetricsInput!) { logMetrics(input: $input) { points } }", {
      input: { run: run.id, writer: "w", seq: 1, frame: { steps: [0], values: { a: [1] } } },
    });
    expect(await update).toMatchObject({
      type: "next",
      payload: { data: { metricUpdates: { series: [{ count: 1 }] } } },
    });
    socket.terminate();
  });

  it("asks what the dashboard asks, and nothing else, over HTTP neither", async () => {
    const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    const cookie = await visit(await createLink(run));
    const { socket, next } = await connect(cookie);
    const query = `subscription { metricUpdates(runs: ["${run.id}"]) { series { count } } }`;
    socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query } }));
    expect(await next()).toMatchObject({ type: "error", payload: [{ extensions: { code: "FORBIDDEN" } }] });
    socket.terminate();
    const own = await post(`{ run(id: "${run.id}") { name } }`, {}, cookie);
    expect(own.status).toBe(403);
    // Clients put __typename into what they send, and may order it otherwise.
    const asClientsSend = dashboard.textOf("RunConfig").replace("name", "name __typename");
    const answer = await (await post(asClientsSend, { run: run.id }, cookie)).json();
    expect(answer).toMatchObject({ data: { run: { id: run.id } } });
  });

  it("is closed at once when the link is revoked, and neither it nor the cookie gets in again", async () => {
    const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    const link = await createLink(run);
    const cookie = await visit(link);
    const { socket } = await connect(cookie);
    const closed = once(socket, "close");
    await api.ask("mutation($id: ID!) { revokeShareLink(id: $id) { id } }", { id: link.id });
    expect((await closed)[0]).toBe(4403);
    const again = new WebSocket(`ws://127.0.0.1:${server.port}/graphql`, "graphql-transport-ws", {
      headers: { cookie },
    });
    await once(again, "open");
    again.send(JSON.stringify({ type: "connection_init" }));
    expect((await once(again, "close"))[0]).toBe(4403);
    const answer = await (await post(dashboard.textOf("RunConfig"), { run: run.id }, cookie)).json();
    expect(answer).toMatchObject({ errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
    expect(JSON.stringify(answer)).not.toContain("Test");
    const reopened = await (
      await post("mutation($input: OpenShareLinkInput!) { openShareLink(input: $input) { title } }", { input: link })
    ).json();
    expect(reopened).toMatchObject({ errors: [{ extensions: { code: "NOT_FOUND" } }] });
  });

  it("sees none of the requests answered that begin after the revocation", async () => {
    const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    const link = await createLink(run);
    const cookie = await visit(link);
    let revoked = false;
    const ask = async () => {
      const late = revoked;
      const response = await post(dashboard.textOf("RunConfig"), { run: run.id }, cookie);
      const answer = (await response.json()) as { data?: { run: { name: string } | null } | null };
      return { late, seen: answer.data?.run?.name === "Test" };
    };
    expect(await ask()).toEqual({ late: false, seen: true });
    const early = Array.from({ length: 50 }, ask);
    const revocation = api.ask("mutation($id: ID!) { revokeShareLink(id: $id) { id } }", { id: link.id }).then(() => {
      revoked = true;
    });
    const answers = [...(await Promise.all(early))];
    await revocation;
    answers.push(...(await Promise.all(Array.from({ length: 200 }, ask))));
    expect(answers.filter(({ late }) => late)).toHaveLength(200);
    expect(answers.filter(({ late, seen }) => late && seen)).toEqual([]);
  });
});
