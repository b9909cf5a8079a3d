import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AttemptLimit } from "../../attempt-limit.js";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { insertTestRun } from "../metric/test-run.fixture.js";
import { viewerOfShareSession } from "./share-session.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const password = "blue whale, 52 hertz";

async function share(input: Record<string, unknown>) {
  const { id: run } = await insertTestRun(api.database.pool);
  const { createShareLink } = await api.ask<{ createShareLink: { path: string } }>(
    "mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) { path } }",
    { input: { scope: "RUN", mode: "LIVE", run, ...input } },
  );
  const [id, secret] = createShareLink.path.slice("/s/".length).split("#") as [string, string];
  return { id, secret };
}

const openQuery = "mutation($input: OpenShareLinkInput!) { openShareLink(input: $input) { title } }";
const refusal = (input: Record<string, unknown>) => api.refusal(openQuery, { input }, { as: null });

async function open(input: Record<string, unknown>): Promise<string> {
  const cookies = new Map<string, string | null>();
  await api.ask(openQuery, { input }, { as: null, cookies });
  return cookies.get("residual_share")!;
}

const viewsOf = async (id: string) =>
  (await api.database.pool.query("SELECT views FROM share_link WHERE id = $1", [id])).rows[0].views;

describe("the password of a share link", () => {
  it("is asked for once the secret is right, and counts no view before it is right", async () => {
    const link = await share({ password });
    expect(await refusal({ ...link, secret: "x", password })).toMatchObject({ code: "NOT_FOUND" });
    expect(await refusal(link)).toMatchObject({ code: "UNAUTHENTICATED", field: "password" });
    expect(await refusal({ ...link, password: "red whale, 52 hertz" })).toMatchObject({ code: "UNAUTHENTICATED" });
    expect(await viewsOf(link.id)).toBe(0);
    expect(await viewerOfShareSession(api.database.db, await open({ ...link, password }))).not.toBeNull();
    expect(await viewsOf(link.id)).toBe(1);
  });

  it("is guessed ten times; no other link is held up by it", async () => {
    api.app.attempts.sharePassword = new AttemptLimit(() => 0);
    const [guessed, other] = [await share({ password }), await share({ password })];
    for (let i = 0; i < 10; i++)
      expect(await refusal({ ...guessed, password: `guess number ${i}` })).toMatchObject({ code: "UNAUTHENTICATED" });
    expect(await refusal({ ...guessed, password })).toMatchObject({ code: "RATE_LIMITED" });
    await open({ ...other, password });
  });

  it("ends the sessions and sockets that were opened before it was set, and one that is opened meanwhile", async () => {
    const link = await share({});
    const token = await open(link);
    const { principal } = (await viewerOfShareSession(api.database.db, token))!;
    let closed = 0;
    api.app.connections.add(principal, () => closed++);
    const set =
      "mutation($id: ID!, $password: String) { setShareLinkPassword(id: $id, password: $password) { hasPassword } }";
    const setting = api.ask(set, { id: link.id, password });
    const racing = await Promise.allSettled(Array.from({ length: 20 }, () => open(link)));
    expect(await setting).toEqual({ setShareLinkPassword: { hasPassword: true } });
    expect(closed).toBe(1);
    const tokens = [token, ...racing.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))];
    for (const one of tokens) expect(await viewerOfShareSession(api.database.db, one)).toBeNull();
    expect(await refusal(link)).toMatchObject({ code: "UNAUTHENTICATED" });
    await open({ ...link, password });
    await api.ask(set, { id: link.id, password: null });
    await open(link);
  });

  it("is stored as a hash, shown to nobody, and too short is refused", async () => {
    const { id } = await share({ password });
    const { rows } = await api.database.pool.query("SELECT * FROM share_link WHERE id = $1", [id]);
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify(rows)).not.toContain(password);
    await expect(share({ password: "short" })).rejects.toMatchObject({ extensions: { code: "BAD_INPUT" } });
  });
});
