import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AttemptLimit } from "../../attempt-limit.js";
import { newId } from "../../ids.js";
import { startTestServer, type TestServer } from "../../test-server.js";
import { startTestProvider, type TestProvider } from "./identity-provider.fixture.js";
import { addressToReturnTo } from "./pending-sign-in.js";
import { openSession } from "./session.js";

const origin = "http://dashboard.test:3000";
let provider: TestProvider;
let server: TestServer;
beforeAll(async () => {
  provider = await startTestProvider(`${origin}/sign-in/oidc/callback`);
  server = await startTestServer(null, provider.settings);
});
afterAll(async () => {
  await server.close();
  await provider.close();
});

/** As a browser asks for an address of the dashboard. `cookie`: what the answer sets, by name. */
async function visit(place: string | URL, cookie = "") {
  const { pathname, search } = new URL(place, origin);
  const response = await fetch(new URL(pathname + search, server.url), { redirect: "manual", headers: { cookie } });
  expect(response.status).toBe(303);
  expect(response.headers.get("referrer-policy")).toBe("no-referrer");
  const set = response.headers.getSetCookie();
  return {
    location: response.headers.get("location")!,
    set,
    cookie: (name: string) => set.find((text) => text.startsWith(`${name}=`))?.split(";")[0],
  };
}

const begin = async (path = "/sign-in/oidc") => {
  const { location, cookie, set } = await visit(path);
  return { location, pending: cookie("residual_oidc")!, set };
};

/** The whole way; returns where it ends and who that is here. */
async function signIn(login: string) {
  const { location, pending } = await begin();
  const back = await visit(await provider.logIn(location, login), pending);
  const headers = { cookie: back.cookie("residual_session") ?? "" };
  const { data } = await server.ask("{ viewer { id name kind email } projects { nodes { id } } }", {}, headers);
  return { ...back, headers, viewer: data.viewer, projects: data.projects.nodes };
}

const account = async (email: string) => {
  const id = newId("usr");
  await server.database.pool.query(
    "INSERT INTO app_user (id, name, email, password_hash) VALUES ($1, 'A', $2, 'old')",
    [id, email],
  );
  return id;
};

describe("whoever comes from the provider", () => {
  test("is a new person who belongs to no project, the same one every time, and can use an invite", async () => {
    provider.people.set("ada", { name: "Ada", email: "ada@example.org", email_verified: true });
    const first = await signIn("ada");
    expect(first.location).toBe(`${origin}/`);
    expect(first).toMatchObject({ viewer: { name: "Ada", kind: "USER", email: null }, projects: [] });
    expect((await signIn("ada")).viewer.id).toBe(first.viewer.id);
    const operator = await server.signIn();
    await server.ask('mutation { createProject(input: { slug: "p", name: "P" }) { id } }', {}, operator);
    const { createInvite } = (
      await server.ask('mutation { createInvite(input: { project: "p", role: MEMBER }) { id path } }', {}, operator)
    ).data;
    const input = { id: createInvite.id, secret: createInvite.path.split("#")[1], name: "ignored" };
    await server.ask(
      "mutation ($i: AcceptInviteInput!) { acceptInvite(input: $i) { id } }",
      { i: input },
      first.headers,
    );
    expect(await signIn("ada")).toMatchObject({ viewer: { id: first.viewer.id }, projects: [{}] });
    const { rows } = await server.database.pool.query(
      "SELECT count(*) FROM audit_event WHERE action = 'signInWithProvider' AND actor_id = $1",
      [first.viewer.id],
    );
    expect(rows).toEqual([{ count: 3 }]);
  });

  test("goes on where they were, and nowhere else", async () => {
    const { location, pending } = await begin("/sign-in/oidc?return=%2Fruns%3Fq%3D1");
    expect((await visit(await provider.logIn(location, "ada"), pending)).location).toBe(`${origin}/runs?q=1`);
    for (const path of [
      "//evil.example",
      "https://evil.example/",
      "/\\evil.example",
      "\t//evil.example",
      "javascript:x",
    ])
      expect(addressToReturnTo(origin, path)).toBe(`${origin}/`);
    expect(addressToReturnTo(origin, "/.//evil.example")).toBe(`${origin}//evil.example`);
  });

  test("keeps what ends the sign-in in a cookie that no script reads, for ten minutes", async () => {
    const { location, set } = await begin();
    expect(set).toHaveLength(1);
    expect(set[0]).toMatch(/; HttpOnly; SameSite=Lax; Expires=/);
    const expires = Date.parse(/Expires=([^;]+)/.exec(set[0]!)![1]!);
    expect(Math.abs(expires - Date.now() - 600_000)).toBeLessThan(60_000);
    const asked = new URL(location).searchParams;
    expect(asked.get("code_challenge_method")).toBe("S256");
    expect(asked.get("state")).not.toBe(asked.get("nonce"));
  });
});

describe("an account with the same e-mail address", () => {
  test("is theirs where the provider has verified it, and nobody's who had claimed it", async () => {
    const id = await account("bob@example.org");
    await addKey(id, null);
    await addKey(id, "kept");
    const claimed = { cookie: `residual_session=${(await openSession(server.database.db, id, "")).token}` };
    provider.people.set("bob", { name: "Bob", email: "Bob@Example.org", email_verified: true });
    expect((await signIn("bob")).viewer.id).toBe(id);
    const { rows } = await server.database.pool.query("SELECT password_hash FROM app_user WHERE id = $1", [id]);
    expect(rows).toEqual([{ password_hash: null }]);
    expect((await server.ask("{ viewer { id } }", {}, claimed)).data.viewer).toBeNull();
    expect(await keysOf(id)).toEqual([
      { project: null, works: false },
      { project: "kept", works: true },
    ]);
  });

  test.each([[false], [undefined]])("is not theirs where email_verified is %s", async (email_verified) => {
    const id = await account(`carl-${email_verified}@example.org`);
    const login = `carl-${email_verified}`;
    provider.people.set(login, {
      name: "Carl",
      email: `${login}@example.org`,
      ...(email_verified === false && { email_verified }),
    });
    const { viewer } = await signIn(login);
    expect(viewer).toMatchObject({ name: "Carl", kind: "USER", email: null });
    expect(viewer.id).not.toBe(id);
  });

  test("is not theirs where somebody else of that provider has it", async () => {
    provider.people.set("eve", { name: "Eve" });
    const eve = await signIn("eve");
    await server.database.pool.query("UPDATE app_user SET email = 'dan@example.org' WHERE id = $1", [eve.viewer.id]);
    provider.people.set("dan", { name: "Dan", email: "dan@example.org", email_verified: true });
    const dan = await signIn("dan");
    expect(dan.viewer).toMatchObject({ name: "Dan" });
    expect(dan.viewer.id).not.toBe(eve.viewer.id);
  });
});

describe("nobody is signed in, and the page says why,", () => {
  const refused = (answer: Awaited<ReturnType<typeof visit>>, problem: string) => {
    expect(answer.location).toBe(`${origin}/sign-in?problem=${problem}`);
    expect(answer.cookie("residual_session")).toBeUndefined();
  };

  test("by an answer to what another browser began", async () => {
    const [own, other] = [await begin(), await begin()];
    refused(await visit(await provider.logIn(other.location, "ada"), own.pending), "stale");
    refused(await visit(await provider.logIn(own.location, "ada")), "stale");
    refused(await visit("/sign-in/oidc/callback?code=x&state=y", "residual_oidc=forged"), "stale");
  });

  test("by an answer that was used before, even with the cookie of before", async () => {
    const { location, pending } = await begin();
    const back = await provider.logIn(location, "ada");
    const first = await visit(back, pending);
    expect(first.cookie("residual_session")).toMatch(/=.{43}$/);
    expect(first.cookie("residual_oidc")).toBe("residual_oidc=");
    refused(await visit(back, pending), "stale");
  });

  test("by an answer whose token is for another request", async () => {
    const { location, pending } = await begin();
    const kept = JSON.parse(Buffer.from(pending.split("=")[1]!, "base64url").toString());
    const forged = Buffer.from(JSON.stringify({ ...kept, nonce: "another" })).toString("base64url");
    refused(await visit(await provider.logIn(location, "ada"), `residual_oidc=${forged}`), "refused");
  });

  test("when they decline", async () => {
    const { location, pending } = await begin();
    refused(await visit(await provider.decline(location), pending), "declined");
  });

  test("and goes on from there to where they were going", async () => {
    const { location, pending } = await begin("/sign-in/oidc?return=%2Fruns%3Fq%3D1");
    const { location: page } = await visit(await provider.decline(location), pending);
    expect(page).toBe(`${origin}/sign-in?problem=declined&return=%2Fruns%3Fq%3D1`);
    const elsewhere = await begin("/sign-in/oidc?return=%2F%2Fevil.example");
    expect((await visit(await provider.decline(elsewhere.location), elsewhere.pending)).location).toBe(
      `${origin}/sign-in?problem=declined`,
    );
  });

  test("by whom answers are made up: they are told to wait, and whoever brings a right one is not", async () => {
    server.app.attempts.provider = new AttemptLimit(() => 0);
    const { location, pending } = await begin();
    const right = await provider.logIn(location, "ada");
    const made = () => visit("/sign-in/oidc/callback?code=x&state=y", "residual_oidc=forged");
    for (let i = 0; i < 10; i++) refused(await made(), "stale");
    refused(await made(), "busy");
    expect((await visit(right, pending)).cookie("residual_session")).toMatch(/=.{43}$/);
    server.app.attempts.provider = new AttemptLimit();
  });

  test("when the provider is away, and the log has no code", async () => {
    const away = await startTestServer(server, {
      RESIDUAL_OIDC_ISSUER: "http://127.0.0.1:1",
      RESIDUAL_OIDC_CLIENT_ID: "c",
    });
    const { pathname } = new URL("/sign-in/oidc", origin);
    const response = await fetch(new URL(pathname, away.url), { redirect: "manual" });
    expect(response.headers.get("location")).toBe(`${origin}/sign-in?problem=away`);
    expect(away.log.join("\n")).toContain("A sign-in with http://127.0.0.1:1 failed (away)");
    const { signInProvider } = (await away.ask("{ signInProvider }")).data;
    expect(signInProvider).toBe("OpenID Connect");
    expect(server.log.join("\n")).not.toMatch(/code=|eyJ/);
    await away.close();
  });
});

async function addKey(userId: string, project: string | null): Promise<void> {
  const { pool } = server.database;
  if (project !== null) await pool.query("INSERT INTO project (id, slug, name) VALUES ($1, $1, $1)", [project]);
  await pool.query(
    `INSERT INTO api_key (id, name, last_four, key_hash, scopes, user_id, project_id)
     VALUES ($1, 'k', '', $2, '{READ}', $3, $4)`,
    [newId("key"), Buffer.from(newId("key")), userId, project],
  );
}

async function keysOf(userId: string): Promise<unknown[]> {
  const { rows } = await server.database.pool.query(
    `SELECT project_id AS project, revoked_at IS NULL AS works FROM api_key WHERE user_id = $1
     ORDER BY project_id NULLS FIRST`,
    [userId],
  );
  return rows;
}
