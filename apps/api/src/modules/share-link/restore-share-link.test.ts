import "reflect-metadata";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { insertTestRun } from "../metric/test-run.fixture.js";
import { viewerOfShareSession } from "./share-session.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const change = (mutation: string, id: string) =>
  api.ask(`mutation($id: ID!) { ${mutation}(id: $id) { revokedAt } }`, { id });

it("a revoked link opens again once it is restored, for nobody who had it open before without opening it anew", async () => {
  const { id: run } = await insertTestRun(api.database.pool);
  const { createShareLink } = await api.ask<{ createShareLink: { path: string } }>(
    "mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) { path } }",
    { input: { scope: "RUN", mode: "LIVE", run } },
  );
  const [id, secret] = createShareLink.path.slice("/s/".length).split("#") as [string, string];
  /** The token of a session of whoever has the address. */
  const open = async () => {
    const cookies = new Map<string, string | null>();
    const query = "mutation($input: OpenShareLinkInput!) { openShareLink(input: $input) { title } }";
    await api.ask(query, { input: { id, secret } }, { as: null, cookies });
    return cookies.get("residual_share")!;
  };
  const viewerOf = (token: string) => viewerOfShareSession(api.database.db, token);
  const before = await open();
  await change("revokeShareLink", id);
  await expect(open()).rejects.toMatchObject({ extensions: { code: "NOT_FOUND" } });
  expect(await change("restoreShareLink", id)).toEqual({ restoreShareLink: { revokedAt: null } });
  expect(await viewerOf(before)).toBeNull();
  expect(await viewerOf(await open())).not.toBeNull();

  await change("revokeShareLink", id);
  await api.database.pool.query("UPDATE share_link SET expires_at = now() WHERE id = $1", [id]);
  await expect(change("restoreShareLink", id)).rejects.toMatchObject({ extensions: { code: "CONFLICT" } });
});
