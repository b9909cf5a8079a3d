import "reflect-metadata";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../test-server.js";
import { openSession } from "./session.js";
import { operatorId } from "./user.js";

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  token = (await openSession(server.database.db, operatorId, "a browser")).token;
});
afterAll(() => server.close());

const cookieOf = (value: string) => ({ cookie: `residual_session=${value}` });
/** Asks with a session; what it is told to use from now on. */
async function ask(value: string): Promise<{ isIn: boolean; next: string | undefined }> {
  const response = await server.send("{ viewer { id } }", {}, cookieOf(value));
  const { data } = (await response.json()) as { data: { viewer: unknown } };
  const next = /^residual_session=([\w-]{43});/.exec(response.headers.getSetCookie()[0] ?? "")?.[1];
  return { isIn: data.viewer !== null, next };
}
const age = (column: string, interval: string) =>
  server.database.pool.query(`UPDATE session SET ${column} = now() - interval '${interval}'`);

describe("a session", () => {
  test("gets another token after a day; the old one ends a minute after the new one was first used", async () => {
    expect(await ask(token)).toEqual({ isIn: true, next: undefined });
    await age("issued_at", "25 hours");
    const { next } = await ask(token);
    expect(next).toBeDefined();
    expect(await ask(next!)).toEqual({ isIn: true, next: undefined });
    expect(await ask(token)).toEqual({ isIn: true, next: undefined });
    await server.database.pool.query("UPDATE session SET previous_until = now()");
    expect((await ask(token)).isIn).toBe(false);
    expect((await ask(next!)).isIn).toBe(true);
  });

  test("is not lost with the answer that brought the new token, nor by requests that came at once", async () => {
    await age("issued_at", "25 hours");
    const answers = await Promise.all([ask(token), ask(token), ask(token)]);
    expect(answers.filter(({ next }) => next)).toHaveLength(1);
    expect((await ask(token)).isIn).toBe(true);
    await age("next_at", "2 minutes");
    const again = await ask(token);
    expect((await ask(again.next!)).isIn).toBe(true);
  });

  test("ends when it was not used for a week", async () => {
    await age("last_seen_at", "8 days");
    expect((await ask(token)).isIn).toBe(false);
  });

  test("is listed with its browser, and ended from another one", async () => {
    const other = (await openSession(server.database.db, operatorId, "another browser")).token;
    const list = async () =>
      (await server.ask("{ viewer { sessions { id userAgent isCurrent } } }", {}, cookieOf(token))).data.viewer
        .sessions as { id: string; userAgent: string; isCurrent: boolean }[];
    const sessions = await list();
    expect(sessions.filter(({ isCurrent }) => isCurrent)).toMatchObject([{ userAgent: "a browser" }]);
    const { id } = sessions.find(({ userAgent }) => userAgent === "another browser")!;
    await server.ask("mutation ($id: ID!) { revokeSession(id: $id) }", { id }, cookieOf(token));
    expect((await ask(other)).isIn).toBe(false);
    await server.ask("mutation { revokeOtherSessions }", {}, cookieOf(token));
    expect(await list()).toHaveLength(1);
  });

  test("of somebody else is not there to be ended", async () => {
    const { pool, db } = server.database;
    await pool.query("INSERT INTO app_user (id, name) VALUES ('usr_other', 'Other') ON CONFLICT DO NOTHING");
    const foreign = (await openSession(db, "usr_other", "theirs")).viewer.principal.slice("session:".length);
    const refused = await server.ask(
      "mutation ($id: ID!) { revokeSession(id: $id) }",
      { id: foreign },
      cookieOf(token),
    );
    expect(refused.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });
});
