import "reflect-metadata";
import { request } from "node:http";
import { maxRequestBytes } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./test-server.js";

let server: TestServer;
let owner: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signIn();
});
afterAll(() => server.close());

const aliases = (count: number) =>
  `{ ${Array.from({ length: count }, (_, i) => `a${i}: build { commit }`).join(" ")} }`;
const nested = (depth: number) =>
  `{ run(id: "r") { ${"jobs { run { ".repeat(depth / 2)} id ${"} } ".repeat(depth / 2)} } }`;

describe("documents that ask for too much are refused before anything of them runs", () => {
  const fanOut = Array.from({ length: 26 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`).join(
    " ",
  );
  test.each([
    ["10,000 aliases", aliases(10_000), /tokens/],
    ["101 aliases", aliases(101), /aliases/],
    ["a number that would be read as Infinity", "{ projects(first: 1e309) { nodes { id } } }", /float64/],
    [
      "21 comparisons",
      `{ ${Array.from({ length: 21 }, (_, i) => `c${i}: comparison(runs: ["r"]) { baseline }`).join(" ")} }`,
      /values/,
    ],
    ["nesting of 50", nested(50), /nested/],
    ["2^26 spreads of a fragment", `{ ...f0 } ${fanOut} fragment f26 on Query { build { commit } }`, /fields/],
    [
      "1,000 runs of 1,000 experiments",
      "{ projects(first: 1000) { nodes { experiments(first: 1000) { nodes { id } } } } }",
      /values/,
    ],
  ])("%s", async (_, query, reason) => {
    const answer = await server.ask(query, {}, owner);
    expect(answer.status).toBe(400);
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.[0]?.extensions.code).toBe("BAD_INPUT");
    expect(answer.errors?.map(({ message }) => message).join()).toMatch(reason);
  });

  test("what a dashboard or a notebook asks is not", async () => {
    expect((await server.ask(aliases(50), {}, owner)).errors).toBeUndefined();
    const introspection =
      "{ __schema { types { fields { type { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } }";
    expect((await server.ask(introspection, {}, owner)).errors).toBeUndefined();
  });
});

test("a body above 4 MiB is refused as TOO_LARGE, and the server goes on", async () => {
  const answer = await server.ask("{ build { commit } }", { padding: "x".repeat(maxRequestBytes) }, owner);
  expect(answer).toMatchObject({
    status: 413,
    errors: [{ extensions: { code: "TOO_LARGE", limit: maxRequestBytes } }],
  });
  expect((await server.ask("{ build { commit } }", {}, owner)).status).toBe(200);
});

test.each([
  ["GET", { method: "GET" }, 405],
  [
    "a form",
    { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "query={a}" },
    400,
  ],
  ["broken JSON", { method: "POST", headers: { "content-type": "application/json" }, body: "{" }, 400],
  [
    "a batch of requests",
    { method: "POST", headers: { "content-type": "application/json" }, body: '[{"query":"{build{commit}}"}]' },
    400,
  ],
])("%s is refused with an error in the usual form", async (_, init, status) => {
  const response = await fetch(server.url, init);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "BAD_INPUT" } }] });
});

test.each([
  ["a name that was rebound to this machine", { host: "evil.example" }, 421],
  ["a page of another site", { origin: "https://evil.example" }, 403],
  ["an opaque origin", { origin: "null" }, 403],
  ["the dashboard", { origin: "http://dashboard.test:3000" }, 200],
  ["the dashboard under another name of this machine", { origin: "http://localhost:3000" }, 200],
  ["a page of another program on this machine", { origin: "http://127.0.0.1:8888" }, 403],
  ["a script without an origin", {}, 200],
])("a request from %s: %j → %i", async (_, headers, expected) => {
  const status = await new Promise((resolve, reject) => {
    const body = JSON.stringify({ query: "{ __typename }" });
    request(server.url, { method: "POST", headers: { "content-type": "application/json", ...headers } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end(body);
  });
  expect(status).toBe(expected);
});

test("an error inside says nothing of its cause but the id under which the log has it", async () => {
  await server.database.pool.query("ALTER TABLE worker RENAME TO workers_gone");
  const { errors } = await server.ask("{ workers { id } }", {}, owner);
  await server.database.pool.query("ALTER TABLE workers_gone RENAME TO worker");
  expect(errors?.[0]?.extensions.code).toBe("INTERNAL");
  expect(JSON.stringify(errors)).not.toMatch(/relation|worker"|select/i);
  expect(server.log.join("\n")).toContain(errors?.[0]?.extensions.requestId);
});

test("every refusal names its request: over GraphQL, at every address, and before either is reached", async () => {
  const at = (path: string, init: RequestInit = {}) => fetch(new URL(path, server.url), init);
  const json = { "content-type": "application/json" };
  const refusals = [
    server.send("{"),
    server.send("{ nothing }"),
    server.send("{ projects { nodes { id } } }"),
    server.send(`{ run(id: "run_${"0".repeat(32)}") { id } }`, {}, owner),
    server.send("{ build { commit } }", {}, { authorization: "Bearer res_unknown" }),
    at("/nothing"),
    at("/graphql"),
    at("/graphql", { method: "POST", headers: json, body: "{" }),
    at("/graphql", { method: "POST", headers: { "content-type": "application/json; charset=utf-7" }, body: "{}" }),
    at("/graphql", { method: "POST", headers: { ...json, origin: "https://evil.example" }, body: "{}" }),
    at("/export/series.csv?run=x"),
    at("/export/nothing", { headers: owner }),
    at("/image/a/b/0", { headers: owner }),
    at("/metrics", { headers: { via: "a proxy" } }),
    at("/oembed"),
  ];
  const ids = await Promise.all(
    refusals.map(async (answer) => {
      const response = await answer;
      const { errors } = (await response.json()) as { errors: { extensions: { requestId: string } }[] };
      return errors[0]!.extensions.requestId;
    }),
  );
  expect(ids).toEqual(ids.map(() => expect.stringMatching(/^[\w-]{8}$/)));
  expect(new Set(ids).size).toBe(ids.length);
});

test("wrong variables and unknown fields are BAD_INPUT; unknown ids are NOT_FOUND in the words of invisible ones", async () => {
  const codeOf = async (query: string, variables = {}) =>
    (await server.ask(query, variables, owner)).errors?.[0]?.extensions.code;
  expect(await codeOf("{ nothing }")).toBe("BAD_INPUT");
  expect(await codeOf("query ($id: ID!) { run(id: $id) { id } }", {})).toBe("BAD_INPUT");
  const unknown = `run_${"0".repeat(32)}`;
  for (const field of ["run", "node", "experiment", "dataset"]) {
    expect(await codeOf(`{ ${field}(id: "${unknown}") { id } }`)).toBe("NOT_FOUND");
  }
  expect(await codeOf('{ node(id: "nonsense") { id } }')).toBe("NOT_FOUND");
  expect(await codeOf("query ($slug: String!) { project(slug: $slug) { id } }", { slug: "a\0b" })).toBe("BAD_INPUT");
});

test("while the database is away requests say UNAVAILABLE (503), and recover by themselves", async () => {
  const { pool, db } = server.database;
  const { rows } = await pool.query("SELECT current_database() AS name");
  const admin = server.database.administer;
  await admin(`ALTER DATABASE ${rows[0].name} ALLOW_CONNECTIONS false`);
  await admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${rows[0].name}'`);
  const away = await server.ask("{ workers { id } }", {}, owner);
  expect(away).toMatchObject({ status: 503, errors: [{ extensions: { code: "UNAVAILABLE" } }] });
  await admin(`ALTER DATABASE ${rows[0].name} ALLOW_CONNECTIONS true`);
  expect(await server.ask("{ workers { id } }", {}, owner)).toMatchObject({ status: 200, data: { workers: [] } });
  expect(db.isInitialized).toBe(true);
});

test("who guesses the sign-in token is made to wait (429), whatever address they claim; a session goes on", async () => {
  const guess = (i: number) =>
    server.ask('mutation { signIn(input: {token: "guess"}) { id } }', {}, { "x-forwarded-for": `10.0.0.${i}` });
  for (let i = 0; i < 10; i++) expect((await guess(i)).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
  const { status, errors } = await guess(11);
  expect(status).toBe(429);
  expect(errors?.[0]?.extensions).toMatchObject({ code: "RATE_LIMITED", retryAfterSeconds: expect.any(Number) });
  expect((await server.ask("{ workers { id } }", {}, owner)).errors).toBeUndefined();
});
