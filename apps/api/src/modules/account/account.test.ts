import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer, workerKey } from "../../test-server.js";
import { installWorkerKey } from "./api-key.js";

let server: TestServer;
let owner: Record<string, string>;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signIn();
});
afterAll(() => server.close());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const whoAmI = async (headers: Record<string, string>) =>
  (await server.ask("{ viewer { kind name scopes apiKeys { id } } }", {}, headers)).data?.viewer;
const createKey = async (input: object) =>
  server.ask(
    "mutation ($i: CreateApiKeyInput!) { createApiKey(input: $i) { key apiKey { id lastFour expiresAt } } }",
    { i: input },
    owner,
  );

describe("the owner", () => {
  test("signs in with the token of npm start only, by a cookie that scripts and other sites cannot use", async () => {
    const wrong = await server.ask('mutation { signIn(input: {token: "guess"}) { id } }');
    expect(wrong.errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
    const response = await fetch(server.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        query: "mutation ($t: String!) { signIn(input: {token: $t}) { kind } }",
        variables: { t: server.app.env.RESIDUAL_OWNER_TOKEN },
      }),
    });
    expect(response.headers.get("set-cookie")).toMatch(
      /^residual_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Expires=/,
    );
    expect(await whoAmI(owner)).toMatchObject({ kind: "OWNER", scopes: ["READ", "LOG", "WORK", "MANAGE"] });
  });

  test("is nobody after signing out, or once the session has expired", async () => {
    const first = await server.signIn();
    await server.ask("mutation { signOut }", {}, first);
    expect(await whoAmI(first)).toBeNull();
    const second = await server.signIn();
    await server.database.pool.query(
      "UPDATE session SET expires_at = now() - interval '1 second' WHERE created_at = (SELECT max(created_at) FROM session)",
    );
    expect(await whoAmI(second)).toBeNull();
  });

  test("is not known by anything that the database holds", async () => {
    const token = owner.cookie!.split("=")[1]!;
    const { rows } = await server.database.pool.query("SELECT encode(token_hash, 'escape') AS stored FROM session");
    expect(rows.map(({ stored }) => stored).join()).not.toContain(token);
    expect(await whoAmI({ cookie: "residual_session=" })).toBeNull();
  });
});

describe("an API key", () => {
  test("is shown once, stored as a hash, and works until it is revoked", async () => {
    const { key, apiKey } = (await createKey({ name: "notebook", scopes: ["READ"] })).data.createApiKey;
    expect(key).toMatch(/^res_[\w-]{43}$/);
    expect(key.endsWith(apiKey.lastFour)).toBe(true);
    expect(await whoAmI(bearer(key))).toMatchObject({
      kind: "API_KEY",
      name: "notebook",
      scopes: ["READ"],
      apiKeys: [],
    });
    const { rows } = await server.database.pool.query("SELECT * FROM api_key WHERE id = $1", [apiKey.id]);
    expect(JSON.stringify(rows)).not.toContain(key);
    expect(rows[0].last_used_at).not.toBeNull();
    await server.ask("mutation ($id: ID!) { revokeApiKey(id: $id) { id } }", { id: apiKey.id }, owner);
    expect(await server.ask("{ viewer { id } }", {}, bearer(key))).toMatchObject({ status: 401 });
  });

  test("ends on its day", async () => {
    const { key, apiKey } = (await createKey({ name: "short", scopes: ["READ"], expiresInDays: 1 })).data.createApiKey;
    expect(await whoAmI(bearer(key))).not.toBeNull();
    await server.database.pool.query("UPDATE api_key SET expires_at = now() WHERE id = $1", [apiKey.id]);
    expect(await server.ask("{ viewer { id } }", {}, bearer(key))).toMatchObject({ status: 401 });
  });

  test.each([
    ["scopes", { name: "x", scopes: [] }],
    ["name", { name: "", scopes: ["READ"] }],
    ["name", { name: "a\u0000b", scopes: ["READ"] }],
    ["expiresInDays", { name: "x", scopes: ["READ"], expiresInDays: 0 }],
  ])("with a wrong %s is refused", async (field, input) => {
    expect((await createKey(input)).errors?.[0]?.extensions).toMatchObject({ code: "BAD_INPUT", field });
  });

  test("of npm start is replaced by that of the next start, and works again after a revocation by mistake", async () => {
    await installWorkerKey(server.database.db, "the key of an earlier start");
    await installWorkerKey(server.database.db, workerKey);
    await installWorkerKey(server.database.db, workerKey);
    expect(await whoAmI(bearer(workerKey))).toMatchObject({ scopes: ["WORK"] });
    const { rows } = await server.database.pool.query("SELECT count(*) FROM api_key WHERE scopes = '{WORK}'");
    expect(rows[0].count).toBe(1);
  });
});
