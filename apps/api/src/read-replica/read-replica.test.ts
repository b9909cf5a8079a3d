import "reflect-metadata";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createApp } from "../app.js";
import { openDatabase } from "../database.js";
import { readEnv } from "../env.js";
import { createSchema } from "../schema.js";
import { startServer } from "../server.js";
import { type ReplicatedPostgres, startReplicatedPostgres } from "./streaming-replica.fixture.js";

const token = "the owner's token of this test";
let postgres: ReplicatedPostgres;
let url: string;
let closeAll: () => Promise<void>;
const log: string[] = [];

beforeAll(async () => {
  postgres = await startReplicatedPostgres();
  const database = await openDatabase(postgres.primaryUrl, () => {});
  const env = readEnv({ PORT: "0", RESIDUAL_OWNER_TOKEN: token, DATABASE_READ_URL: postgres.replicaUrl });
  const { app, close } = await createApp(env, database, (line) => log.push(line));
  const server = await startServer(app, createSchema(), (line) => log.push(line));
  url = `http://127.0.0.1:${server.port}`;
  closeAll = async () => {
    await server.close();
    await close();
    await database.close();
    await postgres.close();
  };
});
afterAll(() => closeAll());

async function ask<T>(cookie: string, query: string): Promise<T> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
  if (errors) throw new Error(errors[0]!.message);
  return data;
}

async function signIn(): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: `mutation { signIn(input: { token: "${token}" }) { id } }` }),
  });
  return response.headers.get("set-cookie")!.split(";")[0]!;
}

const slugs = async (cookie: string): Promise<string[]> => {
  const { projects } = await ask<{ projects: { nodes: { slug: string }[] } }>(
    cookie,
    "{ projects { nodes { slug } } }",
  );
  return projects.nodes.map((project) => project.slug);
};
const create = (cookie: string, slug: string) =>
  ask(cookie, `mutation { createProject(input: { slug: "${slug}", name: "${slug}" }) { id } }`);

/** Waits for what follows from streaming: no state says when. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  await expect.poll(condition, { timeout: 20_000, interval: 50 }).toBe(true);
}

it("others read from the replica as it is; who wrote sees the write at once, and goes back to the replica when it has it", {
  timeout: 60_000,
}, async () => {
  const [writer, reader] = [await signIn(), await signIn()];
  await create(writer, "first");
  await until(async () => (await slugs(reader)).includes("first"));
  await postgres.pauseReplay();
  await create(writer, "second");
  expect(await slugs(writer)).toContain("second");
  expect(await slugs(reader)).not.toContain("second");
  // Not only the read that comes right after.
  expect(await slugs(writer)).toContain("second");
  const csv = async (cookie: string) =>
    (await fetch(`${url}/export/runs.csv?project=second`, { headers: { cookie } })).status;
  expect([await csv(writer), await csv(reader)]).toEqual([200, 404]);
  await postgres.resumeReplay();
  await until(async () => (await slugs(reader)).includes("second"));
  expect(await slugs(writer)).toContain("second");
  // Now the writer's reads are the replica's again: what another writes meanwhile does not show.
  await postgres.pauseReplay();
  await create(reader, "third");
  expect(await slugs(writer)).not.toContain("third");
  await postgres.resumeReplay();
});

it("where the replica is away the primary answers, and the log says so once", {
  timeout: 60_000,
}, async () => {
  const reader = await signIn();
  await until(async () => (await slugs(reader)).includes("third"));
  await postgres.stopReplica();
  await until(() =>
    slugs(reader).then(
      () => log.some((line) => line.includes("read replica cannot be used")),
      () => false,
    ),
  );
  await create(reader, "fourth");
  for (let i = 0; i < 5; i++) expect(await slugs(reader)).toContain("fourth");
  expect(log.filter((line) => line.includes("read replica"))).toHaveLength(1);
});
