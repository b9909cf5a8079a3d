import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../test-server.js";
import { insertTestRun } from "../metric/test-run.fixture.js";

const sites = ["https://wiki.example.org", "http://127.0.0.1:8888"];
const dashboard = "http://dashboard.test:3000";

let api: TestServer;
let origin: string;
let owner: Record<string, string>;
beforeAll(async () => {
  api = await startTestServer();
  origin = new URL(api.url).origin;
  owner = await api.signIn();
});
afterAll(() => api.close());

async function share(input: Record<string, unknown> = {}) {
  const run = await insertTestRun(api.app.pool);
  const { data } = await api.ask(
    "mutation ($input: CreateShareLinkInput!) { createShareLink(input: $input) { path embedPath shareLink { id } } }",
    { input: { scope: "RUN", mode: "LIVE", run: run.id, embedOrigins: sites, ...input } },
    owner,
  );
  const { path, embedPath, shareLink } = data.createShareLink as {
    path: string;
    embedPath: string | null;
    shareLink: { id: string };
  };
  return {
    run: run.id,
    id: shareLink.id,
    secret: path.split("#")[1]!,
    embedPath,
    key: embedPath?.slice("/embed/".length),
  };
}

const originsOf = async (key: string) => (await fetch(`${origin}/embed-origins/${key}`)).json();
const oembed = (address: string, more = "") => fetch(`${origin}/oembed?url=${encodeURIComponent(address)}${more}`);
const openQuery =
  "mutation ($input: OpenEmbeddedLinkInput!) { openEmbeddedLink(input: $input) { token title run { id } } }";

describe("the embedded view of a link", () => {
  it("may be framed by the sites that its maker named, as long as the link is open", async () => {
    const { id, key } = await share();
    expect(await originsOf(key!)).toEqual({ origins: sites });
    await api.ask("mutation ($id: ID!) { revokeShareLink(id: $id) { id } }", { id }, owner);
    expect(await originsOf(key!)).toEqual({ origins: [] });
    expect(await originsOf("unknown")).toEqual({ origins: [] });
  });

  it("has a key that is no secret of the link, opens what the link shows by a token, and sets no cookie", async () => {
    const { id, key, secret, run } = await share();
    const response = await api.send(openQuery, { input: { key } });
    expect(response.headers.get("set-cookie")).toBeNull();
    const { openEmbeddedLink: view } = ((await response.json()) as { data: Record<string, { token: string }> }).data;
    expect(view).toMatchObject({ title: "Test", run: { id: run } });
    const exported = await fetch(`${origin}/export/series.csv?run=${run}`, {
      headers: { authorization: `Bearer ${view!.token}` },
    });
    expect(exported.status).toBe(200);
    // The key does not stand for the secret, nor the secret or the id for the key.
    const open = "mutation ($input: OpenShareLinkInput!) { openShareLink(input: $input) { title } }";
    expect(await api.ask(open, { input: { id, secret: key } })).toMatchObject({ data: null });
    for (const other of [secret, id])
      expect(await api.ask(openQuery, { input: { key: other } })).toMatchObject({
        errors: [{ extensions: { code: "NOT_FOUND" } }],
      });
    const { rows } = await api.app.pool.query("SELECT * FROM share_link WHERE id = $1", [id]);
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  it("ends with its link, and asks for its password", async () => {
    const { id, key } = await share({ password: "blue whale, 52 hertz" });
    expect(await api.ask(openQuery, { input: { key } })).toMatchObject({
      errors: [{ extensions: { code: "UNAUTHENTICATED", field: "password" } }],
    });
    expect(await api.ask(openQuery, { input: { key, password: "blue whale, 52 hertz" } })).toMatchObject({
      data: { openEmbeddedLink: { title: "Test" } },
    });
    await api.ask("mutation ($id: ID!) { revokeShareLink(id: $id) { id } }", { id }, owner);
    expect(await api.ask(openQuery, { input: { key, password: "blue whale, 52 hertz" } })).toMatchObject({
      errors: [{ extensions: { code: "NOT_FOUND" } }],
    });
  });

  it("is of links with sites only", async () => {
    expect((await share({ embedOrigins: [] })).embedPath).toBeNull();
  });
});

describe("oEmbed", () => {
  it("answers with a frame of the view, no larger than asked for, and nothing that its text could add", async () => {
    const { embedPath } = await share({ label: '"><script>alert(1)</script>' });
    const address = dashboard + embedPath;
    const answer = (await (await oembed(`${address}?x=1#y`, "&maxwidth=400&maxheight=900")).json()) as { html: string };
    expect(answer).toMatchObject({
      ...{ version: "1.0", type: "rich", provider_name: "Residual", provider_url: dashboard, width: 400, height: 480 },
      title: '"><script>alert(1)</script>',
    });
    expect(answer.html).toContain(
      `<iframe src="${address}" title="&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;" width="400"`,
    );
    expect(answer.html.match(/</g)).toHaveLength(2);
  });

  it("tells the title of a link with a password, and of one without names, to nobody", async () => {
    await api.app.pool.query("INSERT INTO app_user (id, name) VALUES ('usr_1', 'Jane Doe')");
    const titleOf = async (input: Record<string, unknown>) =>
      (
        (await (await oembed(dashboard + (await share({ label: "Jane's run", ...input })).embedPath)).json()) as {
          title: string;
        }
      ).title;
    expect(await titleOf({ password: "blue whale, 52 hertz" })).toBe("Residual");
    expect(await titleOf({ isAnonymous: true })).toBe("•••'s run");
    expect(await titleOf({})).toBe("Jane's run");
  });

  it("makes no frame of the address that people are sent, whether its secret comes along or not", async () => {
    const { id, secret, embedPath } = await share();
    for (const address of [`${dashboard}/s/${id}`, `${dashboard}/s/${id}#${secret}`, `${dashboard}${embedPath}x`])
      expect((await oembed(address)).status, address).toBe(404);
    for (const address of [`https://elsewhere.example${embedPath}`, "none", ""])
      expect((await oembed(address)).status, address).toBe(400);
    expect((await oembed(dashboard + embedPath, "&format=xml")).status).toBe(501);
    expect((await oembed(dashboard + embedPath, "&maxwidth=1e3")).status).toBe(400);
  });
});
