import "reflect-metadata";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { maxRequestBytes } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { startTestServer, type TestServer } from "../test-server.js";

let server: TestServer;
let owner: Record<string, string>;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signIn();
});
afterAll(() => server.close());

/** The status of a request that fetch would not send. */
async function statusOf(method: string, path: string, headers: Record<string, string>, body?: Buffer | string) {
  const sent = request(new URL(path, server.url), { method, headers: { ...owner, ...headers } });
  sent.on("error", () => {});
  sent.end(body);
  const [response] = await once(sent, "response");
  response.resume();
  return response.statusCode as number;
}
const json = { "content-type": "application/json" };
const query = JSON.stringify({ query: "{ viewer { id } }" });

describe("a request that a page of another site can make a browser send", () => {
  it.each([
    ["GET with a query", "GET", "/graphql?query={viewer{id}}", {}, undefined, 405],
    ["plain text", "POST", "/graphql", { "content-type": "text/plain" }, query, 400],
    ["a form", "POST", "/graphql", { "content-type": "application/x-www-form-urlencoded" }, "query={a}", 400],
    ["an upload", "POST", "/graphql", { "content-type": "multipart/form-data; boundary=x" }, "--x--", 400],
    ["another origin", "POST", "/graphql", { ...json, origin: "https://evil.example" }, query, 403],
    ["no origin", "POST", "/graphql", { ...json, origin: "null" }, query, 403],
    ["another name for this machine", "POST", "/graphql", { ...json, host: "evil.example" }, query, 421],
    ["an export from another origin", "GET", "/export/runs.csv", { origin: "https://evil.example" }, undefined, 403],
  ])("with %s is refused", async (_, method, path, headers, body, status) => {
    expect(await statusOf(method, path, headers, body)).toBe(status);
  });
});

describe("a body", () => {
  it("that unpacks to more than is taken is refused, however small it came", async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000, " "));
    expect(bomb.length).toBeLessThan(maxRequestBytes);
    expect(await statusOf("POST", "/graphql", { ...json, "content-encoding": "gzip" }, bomb)).toBe(413);
  });

  it("that is nested 100,000 deep, is no JSON or another alphabet is refused", async () => {
    const deep = "[".repeat(100_000);
    expect(await statusOf("POST", "/graphql", json, deep)).toBe(400);
    expect(await statusOf("POST", "/graphql", json, `${deep}${"]".repeat(100_000)}`)).toBe(400);
    expect(await statusOf("POST", "/graphql", { "content-type": "application/json; charset=utf-7" }, query)).toBe(415);
  });
});

test("200 peers that dawdle with their headers hinder nobody", async () => {
  const { hostname, port } = new URL(server.url);
  const slow = Array.from({ length: 200 }, () => connect(Number(port), hostname));
  for (const socket of slow) socket.on("error", () => {}).write("POST /graphql HTTP/1.1\r\n");
  await Promise.all(slow.map((socket) => once(socket, "connect")));
  expect((await server.ask("{ viewer { id } }", {}, owner)).data.viewer).not.toBeNull();
  for (const socket of slow) socket.destroy();
});

describe("words that a program would read as something else", () => {
  const create = (tags: string[], name = "x") =>
    server.ask(
      "mutation ($i: CreateRunInput!) { createRun(input: $i) { name tags } }",
      { i: { experiment: `exp_${"0".repeat(32)}`, name, tags } },
      owner,
    );

  it.each(["__proto__", "constructor", "prototype"])("%s in a config is refused", async (word) => {
    const { errors } = await server.ask(
      "mutation ($i: CreateRunInput!) { createRun(input: $i) { id } }",
      { i: { experiment: `exp_${"0".repeat(32)}`, name: "x", config: JSON.parse(`{"${word}": {"polluted": true}}`) } },
      owner,
    );
    expect(errors?.[0]?.extensions.code).toBe("BAD_INPUT");
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("ids of nothing and of what is not yours are one answer", async () => {
    expect((await create([])).errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });
});

test("nothing that is secret stands in the log, nor in what the database remembers of a sign-in", async () => {
  const token = server.app.env.RESIDUAL_OWNER_TOKEN!;
  await server.ask(`mutation { signIn(input: { token: "${token}x" }) { id } }`);
  await server.ask("{ viewer { id } }", {}, { authorization: "Bearer res_canary-canary-canary" });
  const cookie = owner.cookie!.split("=")[1]!;
  const { rows } = await server.database.pool.query(
    "SELECT s::text AS row FROM session s UNION ALL SELECT a::text FROM audit_event a UNION ALL SELECT k::text FROM api_key k",
  );
  const told = `${server.log.join("\n")}\n${rows.map(({ row }) => row).join("\n")}`;
  for (const secret of [token, cookie, "res_canary-canary-canary"]) expect(told).not.toContain(secret);
});
