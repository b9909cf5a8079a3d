import "reflect-metadata";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Authentication } from "../authenticate.js";
import { insertTestRun } from "../modules/metric/test-run.fixture.js";
import { startTestServer, type TestServer } from "../test-server.js";
import { RecentKeys } from "./recent-keys.js";

const authentication = (expiresAt: Date | null = null) =>
  ({ viewer: { kind: "API_KEY", expiresAt }, share: null, sessionToken: null }) as unknown as Authentication;

afterEach(() => {
  vi.useRealTimers();
});

describe("a key that was looked up", () => {
  const lookUps = (expiresAt: Date | null = null) => vi.fn(async () => authentication(expiresAt));

  it("is not asked for again within a second, and is after it", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const keys = new RecentKeys();
    const lookUp = lookUps();
    for (let i = 0; i < 3; i++) await keys.find("Bearer a", lookUp);
    expect(lookUp).toHaveBeenCalledTimes(1);
    await keys.find("Bearer b", lookUp);
    vi.setSystemTime(Date.now() + 1_000);
    await keys.find("Bearer a", lookUp);
    expect(lookUp).toHaveBeenCalledTimes(3);
  });

  it("is asked for again at the moment in which it expires", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const keys = new RecentKeys();
    const lookUp = lookUps(new Date(Date.now() + 10));
    await keys.find("Bearer a", lookUp);
    vi.setSystemTime(Date.now() + 10);
    await keys.find("Bearer a", lookUp);
    expect(lookUp).toHaveBeenCalledTimes(2);
  });

  it("is not kept where an access ended while it was looked up: what was read may be of before", async () => {
    const keys = new RecentKeys();
    await keys.find("Bearer a", async () => {
      keys.forget();
      return authentication();
    });
    const again = lookUps();
    await keys.find("Bearer a", again);
    expect(again).toHaveBeenCalledTimes(1);
  });

  it("is not kept where it opens nothing", async () => {
    const keys = new RecentKeys();
    const refuse = () => Promise.reject(new Error("unknown"));
    await expect(keys.find("Bearer a", refuse)).rejects.toThrow("unknown");
    await expect(keys.find("Bearer a", refuse)).rejects.toThrow("unknown");
  });
});

describe("a key that logs and is revoked", () => {
  let here: TestServer;
  let there: TestServer;
  beforeAll(async () => {
    here = await startTestServer();
    there = await startTestServer(here);
  });
  afterAll(async () => {
    await there.close();
    await here.close();
  });

  it("logs nothing more: neither where it was revoked nor, once that is told, in another process, however freshly it was looked up", async () => {
    // No second passes: what was looked up stays known until it is told otherwise.
    vi.useFakeTimers({ toFake: ["Date"] });
    const run = await insertTestRun(here.database.pool);
    const owner = await here.signIn();
    const { createApiKey } = (
      await here.ask(
        'mutation { createApiKey(input: { name: "script", scopes: [LOG] }) { key apiKey { id } } }',
        {},
        owner,
      )
    ).data;
    const bearer = { authorization: `Bearer ${createApiKey.key}` };
    const log = (server: TestServer, seq: number) =>
      server.ask(
        "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }",
        { input: { run: run.id, writer: "w", seq, frame: { steps: [seq], values: { loss: [1] } } } },
        bearer,
      );
    for (const [i, server] of [here, there, here, there].entries())
      expect((await log(server, i + 1)).data).toEqual({ logMetrics: { ackedSeq: i + 1 } });
    const told = new Promise<void>((resolve) => there.app.events.onAccessRevoked(() => resolve()));
    await here.ask("mutation($id: ID!) { revokeApiKey(id: $id) { id } }", { id: createApiKey.apiKey.id }, owner);
    expect((await log(here, 5)).status).toBe(401);
    await told;
    expect((await log(there, 5)).status).toBe(401);
  });
});
