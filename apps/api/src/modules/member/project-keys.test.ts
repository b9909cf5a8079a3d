import "reflect-metadata";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../test-server.js";

type Headers = Record<string, string>;

let server: TestServer;
let operator: Headers;
beforeAll(async () => {
  server = await startTestServer();
  operator = await server.signIn();
});
afterAll(() => server.close());

async function join(project: string, role: string, name: string): Promise<Headers> {
  const invited = await server.ask(
    "mutation ($input: CreateInviteInput!) { createInvite(input: $input) { id path } }",
    { input: { project, role } },
    operator,
  );
  const { id, path } = invited.data.createInvite;
  const response = await server.send("mutation ($input: AcceptInviteInput!) { acceptInvite(input: $input) { id } }", {
    input: { id, secret: path.split("#")[1], name },
  });
  return { cookie: response.headers.getSetCookie()[0]!.split(";")[0]! };
}

async function createKey(as: Headers, name: string, project: string | null, scopes = ["READ"]) {
  const { data } = await server.ask(
    "mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { id } } }",
    { input: { name, project, scopes, expiresInDays: 9 } },
    as,
  );
  return data.createApiKey as { key: string; apiKey: { id: string } };
}

it("owners see which keys work in their project, whose they are, and revoke those that work nowhere else", async () => {
  for (const slug of ["ours", "theirs"])
    await server.ask(
      "mutation ($i: CreateProjectInput!) { createProject(input: $i) { id } }",
      { i: { slug, name: slug } },
      operator,
    );
  const [owner, member, stranger] = [
    await join("ours", "OWNER", "Olga"),
    await join("ours", "MEMBER", "Max"),
    await join("theirs", "OWNER", "Siri"),
  ];
  const own = await createKey(member, "notebook", "ours", ["READ", "LOG"]);
  const everywhere = await createKey(member, "everywhere", null);
  await createKey(stranger, "elsewhere", null);
  await server.ask("{ viewer { id } }", {}, { authorization: `Bearer ${own.key}` });

  const query =
    '{ project(slug: "ours") { apiKeys { maker isOfProject apiKey { id name prefix scopes lastUsedAt expiresAt } } } }';
  const keysFor = async (as: Headers) => (await server.ask(query, {}, as)).data.project.apiKeys;
  const seen = await keysFor(owner);
  expect(seen).toMatchObject([
    { maker: "Max", isOfProject: false, apiKey: { name: "everywhere" } },
    {
      maker: "Max",
      isOfProject: true,
      apiKey: { name: "notebook", prefix: own.key.slice(0, 8), scopes: ["READ", "LOG"] },
    },
  ]);
  expect(seen[1].apiKey.lastUsedAt).not.toBeNull();
  expect(seen[1].apiKey.expiresAt).not.toBeNull();
  expect(JSON.stringify(seen)).not.toContain(own.key);
  for (const as of [member, { authorization: `Bearer ${own.key}` }]) expect(await keysFor(as)).toEqual([]);

  const revoke = async (id: string) =>
    (await server.ask("mutation ($id: ID!) { revokeApiKey(id: $id) { id } }", { id }, owner)).errors?.[0]?.extensions
      .code;
  expect(await revoke(everywhere.apiKey.id)).toBe("NOT_FOUND");
  expect(await revoke(own.apiKey.id)).toBeUndefined();
  expect((await keysFor(owner)).map((key: { apiKey: { name: string } }) => key.apiKey.name)).toEqual(["everywhere"]);
});
