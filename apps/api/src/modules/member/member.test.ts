import "reflect-metadata";
import { once } from "node:events";
import { createClient } from "graphql-ws";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { startTestServer, type TestServer, withoutRequestIds } from "../../test-server.js";

type Headers = Record<string, string>;
let server: TestServer;
let operator: Headers;
beforeAll(async () => {
  server = await startTestServer();
  operator = await server.signIn();
});
afterAll(() => server.close());

const code = (answer: { errors?: { extensions: Record<string, unknown> }[] }) => answer.errors?.[0]?.extensions.code;
const createInvite = async (slug: string, role: string, as: Headers) =>
  server.ask(
    "mutation ($i: CreateInviteInput!) { createInvite(input: $i) { id path } }",
    { i: { project: slug, role } },
    as,
  );
const secretOf = ({ path }: { path: string }) => {
  const [, id, secret] = /^\/join\/(inv_[0-9a-f]{32})#([\w-]{43})$/.exec(path)!;
  return { id, secret };
};
const accept = (input: object, as: Headers = {}) =>
  server.send(
    "mutation ($i: AcceptInviteInput!) { acceptInvite(input: $i) { id kind name scopes } }",
    { i: input },
    as,
  );

/** Somebody new in a project, by an invite. */
async function join(slug: string, role: string, name: string): Promise<{ headers: Headers; id: string }> {
  const invite = (await createInvite(slug, role, operator)).data.createInvite;
  const response = await accept({ ...secretOf(invite), name });
  const { id } = ((await response.json()) as { data: { acceptInvite: { id: string } } }).data.acceptInvite;
  return { headers: { cookie: response.headers.getSetCookie()[0]!.split(";")[0]! }, id };
}

let projects = 0;
let slug: string;
beforeEach(async () => {
  slug = `people-${++projects}`;
  await server.ask(`mutation { createProject(input: { slug: "${slug}", name: "P" }) { id } }`, {}, operator);
});
const rolesIn = async (as: Headers) =>
  (await server.ask(`{ project(slug: "${slug}") { viewerRole members { name role email } } }`, {}, as)).data?.project;

describe("an invite", () => {
  test("lets one person in, once, as what it says", async () => {
    const invite = secretOf((await createInvite(slug, "MEMBER", operator)).data.createInvite);
    const shown = await server.ask("query ($i: InviteInput!) { invite(input: $i) { project role } }", { i: invite });
    expect(shown.data.invite).toEqual({ project: "P", role: "MEMBER" });
    const both = await Promise.all(["Ada", "Eve"].map(async (name) => (await accept({ ...invite, name })).json()));
    expect(both.filter((answer) => (answer as { data: unknown }).data)).toHaveLength(1);
    expect(both.map((answer) => code(answer as never)).sort()).toEqual(["NOT_FOUND", undefined]);
  });

  test("of nobody, with another secret, withdrawn or expired is the same as none, and none makes a user", async () => {
    const invite = secretOf((await createInvite(slug, "OWNER", operator)).data.createInvite);
    const gone = secretOf((await createInvite(slug, "OWNER", operator)).data.createInvite);
    await server.ask("mutation ($id: ID!) { revokeInvite(id: $id) }", { id: gone.id }, operator);
    const old = secretOf((await createInvite(slug, "OWNER", operator)).data.createInvite);
    await server.database.pool.query("UPDATE invite SET expires_at = now() WHERE id = $1", [old.id]);
    const answers = [];
    for (const one of [{ ...invite, secret: gone.secret }, gone, old, { id: `inv_${"0".repeat(32)}`, secret: "x" }])
      answers.push(JSON.stringify(await (await accept({ ...one, name: "Eve" })).json()));
    expect(answers[0]).toContain("NOT_FOUND");
    expect(new Set(answers.map(withoutRequestIds)).size).toBe(1);
    const { rows } = await server.database.pool.query(
      "SELECT FROM app_user WHERE name = 'Eve' AND id IN (SELECT user_id FROM membership m JOIN project p ON p.id = m.project_id WHERE p.slug = $1)",
      [slug],
    );
    expect(rows).toEqual([]);
  });

  test("ends with the ownership of whoever made it", async () => {
    const owner = await join(slug, "OWNER", "Owner");
    const invite = secretOf((await createInvite(slug, "OWNER", owner.headers)).data.createInvite);
    await join(slug, "OWNER", "Other");
    await server.ask(
      `mutation ($u: ID!) { setMemberRole(project: "${slug}", user: $u, role: VIEWER) { id } }`,
      { u: owner.id },
      operator,
    );
    expect(code((await (await accept({ ...invite, name: "Eve" })).json()) as never)).toBe("NOT_FOUND");
  });
});

describe("a role", () => {
  test("viewers look, members work, owners say who does; and nobody sees addresses but owners", async () => {
    const viewer = await join(slug, "VIEWER", "Viewer");
    const member = await join(slug, "MEMBER", "Member");
    const owner = await join(slug, "OWNER", "Owner");
    const make = `mutation { createExperiment(input: { project: "${slug}", name: "x" }) { id } }`;
    expect(code(await server.ask(make, {}, viewer.headers))).toBe("FORBIDDEN");
    expect((await server.ask(make, {}, member.headers)).data.createExperiment.id).toMatch(/^exp_/);
    expect(code(await createInvite(slug, "VIEWER", member.headers))).toBe("FORBIDDEN");
    expect((await createInvite(slug, "VIEWER", owner.headers)).data.createInvite.path).toBeDefined();
    await server.database.pool.query("UPDATE app_user SET email = 'v@example.org' WHERE id = $1", [viewer.id]);
    expect((await rolesIn(member.headers)).members.map(({ email }: { email: null }) => email)).not.toContain(
      "v@example.org",
    );
    expect((await rolesIn(owner.headers)).members.map(({ email }: { email: null }) => email)).toContain(
      "v@example.org",
    );
    expect((await rolesIn(viewer.headers)).viewerRole).toBe("VIEWER");
    await server.database.pool.query("UPDATE app_user SET email = NULL");
  });

  test("of the last owner is not given up, also not by two who do so at once", async () => {
    // The project's maker is one: whoever runs the server.
    const a = await join(slug, "OWNER", "A");
    const { rows } = await server.database.pool.query(
      "SELECT user_id FROM membership m JOIN project p ON p.id = m.project_id WHERE p.slug = $1",
      [slug],
    );
    const ids = rows.map(({ user_id }) => user_id as string);
    expect(ids).toHaveLength(2);
    const answers = await Promise.all(
      ids.map((u) =>
        server.ask(`mutation ($u: ID!) { removeMember(project: "${slug}", user: $u) { id } }`, { u }, operator),
      ),
    );
    expect(answers.map(code).sort()).toEqual(["CONFLICT", undefined]);
    expect(ids).toContain(a.id);
  });

  test("ends at once for sessions, keys, share links and open sockets when its holder is taken out", async () => {
    const member = await join(slug, "MEMBER", "Leaver");
    const { data } = await server.ask(
      `mutation { createExperiment(input: { project: "${slug}", name: "x" }) { id } }`,
      {},
      member.headers,
    );
    const experiment = data.createExperiment.id;
    const key = (
      await server.ask(
        `mutation { createApiKey(input: { name: "k", scopes: [READ, LOG], project: "${slug}" }) { key } }`,
        {},
        member.headers,
      )
    ).data.createApiKey.key;
    const bearer = { authorization: `Bearer ${key}` };
    const link = (
      await server.ask(
        "mutation ($e: ID!) { createShareLink(input: { scope: EXPERIMENT, mode: LIVE, experiment: $e }) { path } }",
        { e: experiment },
        member.headers,
      )
    ).data.createShareLink.path.slice("/s/".length);
    const open = async () => {
      const [id, secret] = link.split("#");
      const input = { id, secret };
      return server.ask("mutation ($i: OpenShareLinkInput!) { openShareLink(input: $i) { title } }", { i: input });
    };
    expect((await open()).data.openShareLink.title).toBe("x");
    const read = "query ($e: ID!) { experiment(id: $e) { id } }";
    for (const headers of [member.headers, bearer])
      expect((await server.ask(read, { e: experiment }, headers)).data.experiment.id).toBe(experiment);

    const sockets: WebSocket[] = [];
    class OwnSocket extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers: member.headers });
        sockets.push(this);
      }
    }
    const client = createClient({ url: server.url.replace("http", "ws"), webSocketImpl: OwnSocket, retryAttempts: 0 });
    const events: unknown[] = [];
    client.subscribe(
      { query: `subscription { runUpdates(project: "${slug}") { change } }` },
      { next: (event) => events.push(event), error: () => {}, complete: () => {} },
    );
    await expect.poll(() => server.app.events.listenerCount).toBe(1);
    const closed = once(sockets[0]!, "close");
    await server.ask(
      `mutation ($u: ID!) { removeMember(project: "${slug}", user: $u) { id } }`,
      { u: member.id },
      operator,
    );
    expect((await closed)[0]).toBe(4403);
    for (const headers of [member.headers, bearer])
      expect(code(await server.ask(read, { e: experiment }, headers))).toMatch(/NOT_FOUND|FORBIDDEN/);
    expect(code(await open())).toBe("NOT_FOUND");
    expect(events).toEqual([]);
  });

  test("shows a person their own projects only, and a foreign one as none", async () => {
    const member = await join(slug, "MEMBER", "M");
    const { data } = await server.ask("{ projects { nodes { slug } } }", {}, member.headers);
    expect(data.projects.nodes).toEqual([{ slug }]);
    const other = `${slug}-other`;
    await server.ask(`mutation { createProject(input: { slug: "${other}", name: "O" }) { id } }`, {}, operator);
    const foreign = await server.ask(`{ project(slug: "${other}") { id } }`, {}, member.headers);
    const none = await server.ask(`{ project(slug: "${slug}-nobody") { id } }`, {}, member.headers);
    expect(withoutRequestIds(JSON.stringify(foreign).replace(other, "X"))).toBe(
      withoutRequestIds(JSON.stringify(none).replace(`${slug}-nobody`, "X")),
    );
  });
});

describe("a sign-in link", () => {
  test("lets its user in once more; an owner of a project makes none, as it would open their other projects too", async () => {
    const member = await join(slug, "MEMBER", "Forgetful");
    const owner = await join(slug, "OWNER", "Owner");
    const create = "mutation ($u: ID!) { createSignInLink(user: $u) { path } }";
    expect(code(await server.ask(create, { u: member.id }, owner.headers))).toBe("FORBIDDEN");
    const link = secretOf((await server.ask(create, { u: member.id }, operator)).data.createSignInLink);
    const response = await accept({ ...link });
    expect(await response.json()).toMatchObject({ data: { acceptInvite: { id: member.id } } });
    expect(code((await (await accept({ ...link })).json()) as never)).toBe("NOT_FOUND");
  });
});
