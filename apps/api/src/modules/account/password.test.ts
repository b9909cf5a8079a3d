import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../ids.js";
import { startTestServer, type TestServer, withoutRequestIds } from "../../test-server.js";
import { openSession } from "./session.js";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const password = "correct horse battery staple";
let people = 0;

/** Somebody with a password. */
async function person() {
  const id = newId("usr");
  const email = `p${++people}@example.org`;
  await server.database.pool.query("INSERT INTO app_user (id, name) VALUES ($1, $1)", [id]);
  const { token } = await openSession(server.database.db, id, "first browser");
  const headers = { cookie: `residual_session=${token}` };
  const answer = await set(headers, { email, password });
  expect(answer.errors).toBeUndefined();
  return { id, email, headers };
}
const set = (headers: Record<string, string>, input: object) =>
  server.ask("mutation ($i: SetPasswordInput!) { setPassword(input: $i) { email } }", { i: input }, headers);
const signIn = async (input: object, headers: Record<string, string> = {}) => {
  const response = await server.send(
    "mutation ($i: PasswordSignInInput!) { signInWithPassword(input: $i) { id } }",
    { i: input },
    headers,
  );
  const { data, errors } = (await response.json()) as { data: unknown; errors?: [{ extensions: { code: string } }] };
  return {
    data,
    code: errors?.[0].extensions.code,
    body: errors,
    cookies: response.headers.getSetCookie().map((one) => one.split(";")[0]!),
  };
};
const whoAmI = async (cookie: string) => (await server.ask("{ viewer { id } }", {}, { cookie })).data.viewer;

describe("a password", () => {
  test("signs its user in, and is stored as argon2id alone", async () => {
    const { id, email } = await person();
    const { cookies } = await signIn({ email: ` ${email.toUpperCase()}`, password });
    expect(await whoAmI(cookies[0]!)).toEqual({ id });
    const { rows } = await server.database.pool.query("SELECT password_hash FROM app_user WHERE id = $1", [id]);
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  });

  test("that is wrong is answered as an account that there is not", async () => {
    const { email } = await person();
    const wrong = await signIn({ email, password: "wrong" });
    const nobody = await signIn({ email: "nobody@example.org", password: "wrong" });
    expect(wrong.code).toBe("UNAUTHENTICATED");
    expect(withoutRequestIds(JSON.stringify(nobody.body))).toBe(withoutRequestIds(JSON.stringify(wrong.body)));
  });

  test("is changed with the present one only, which signs out every other browser", async () => {
    const { id, email, headers } = await person();
    const other = (await openSession(server.database.db, id, "another")).token;
    const next = { email, password: "another one of some length" };
    expect((await set(headers, next)).errors?.[0]?.extensions).toMatchObject({
      code: "UNAUTHENTICATED",
      field: "current",
    });
    expect((await set(headers, { ...next, current: password })).errors).toBeUndefined();
    expect(await whoAmI(`residual_session=${other}`)).toBeNull();
    expect(await whoAmI(headers.cookie)).toEqual({ id });
    expect((await signIn({ email, password })).code).toBe("UNAUTHENTICATED");
  });

  test.each([
    ["short", "email@example.org", "elevenchars"],
    ["endless", "email@example.org", "x".repeat(257)],
    ["without an address", "nobody", password],
  ])("%s is refused", async (_, email, text) => {
    const { headers } = await person();
    expect((await set(headers, { email, password: text, current: password })).errors?.[0]?.extensions.code).toBe(
      "BAD_INPUT",
    );
  });

  test("is guessed ten times, then only by browsers that knew it: the others wait, whoever uses another account does not", async () => {
    const { email } = await person();
    const { cookies } = await signIn({ email, password });
    const device = cookies.find((cookie) => cookie.startsWith("residual_device="))!;
    const other = await person();
    for (let i = 0; i < 10; i++) await signIn({ email, password: `guess ${i}` });
    expect((await signIn({ email, password })).code).toBe("RATE_LIMITED");
    expect((await signIn({ email, password }, { cookie: device })).code).toBeUndefined();
    expect((await signIn({ email: other.email, password })).code).toBeUndefined();
    expect((await signIn({ email, password }, { cookie: "residual_device=made-up" })).code).toBe("RATE_LIMITED");
  });
});
