import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { queryLimits } from "./query-limits.js";
import { startTestServer, type TestServer } from "./test-server.js";

let server: TestServer;
let owner: Record<string, string>;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signIn();
});
afterAll(() => server.close());

describe("the schema", () => {
  it.each([
    "{ __schema { types { name } } }",
    '{ __type(name: "Run") { name } }',
    "{ viewer { id } ...on Query { __schema { types { name } } } }",
  ])("is told to people and keys, and to nobody else: %s", async (query) => {
    expect((await server.ask(query)).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
    expect((await server.ask(query, {}, owner)).errors).toBeUndefined();
  });
});

test("a query says what it cost of what it may, and one that is refused what it would have", async () => {
  const body = async (query: string) =>
    (await (await server.send(query, {}, owner)).json()) as {
      extensions?: unknown;
      errors?: [{ extensions: unknown }];
    };
  expect((await body("{ projects(first: 10) { nodes { id name } } }")).extensions).toEqual({
    cost: { asked: 1 + 10 + 20, limit: queryLimits.cost },
  });
  const wide = `{ projects(first: 1000) { nodes { experiments(first: 1000) { nodes { id } } } } }`;
  expect((await body(wide)).errors?.[0].extensions).toMatchObject({
    code: "BAD_INPUT",
    cost: { asked: expect.any(Number), limit: queryLimits.cost },
  });
});
