import "reflect-metadata";
import { once } from "node:events";
import { ingestSubprotocol } from "@residual/shared";
import { afterAll, beforeAll, expect, test } from "vitest";
import WebSocket from "ws";
import { newId } from "./ids.js";
import { createApiKey } from "./modules/account/api-key.js";
import { openSession } from "./modules/account/session.js";
import { type FilesApi, startFilesApi } from "./modules/artifact/files-api.fixture.js";
import { seed } from "./test-seed.js";
import { type TestServer, withoutRequestIds } from "./test-server.js";
import { operator } from "./test-viewer.fixture.js";
import type { MemberViewer, Role, Scope } from "./viewer.js";

/*
 * Who may use which address, by the status of the answer; 101 is a socket that opens. The run lies in the project of owner, member and viewer; the
 * stranger owns another one. GraphQL answers by its fields (access.test.ts), here to { projects }, where the status only tells a key that opens
 * nothing, and a link that asks what the dashboard does not. The operator began the upload, of which nobody else knows. The run was scored on no images: a picture of it is 404 to whoever sees it, too (serve-images.test.ts has one).
 */
const actors = [
  ...["nobody", "operator", "owner", "viewer", "stranger", "READ", "LOG", "stranger's key"],
  ...["expired key", "revoked key", "ended session", "link", "frozen link", "other link"],
] as const;
type Actor = (typeof actors)[number];

// biome-ignore format: a table
const table: Record<string, string> = {
  //                                    nobd oper ownr view strn READ LOG  skey expr revk ends link froz othr
  "/healthz":                           "200  200  200  200  200  200  200  200  200  200  200  200  200  200",
  "/readyz":                            "200  200  200  200  200  200  200  200  200  200  200  200  200  200",
  "/metrics":                           "200  200  200  200  200  200  200  200  200  200  200  200  200  200",
  "/graphql":                           "200  200  200  200  200  200  200  200  401  401  200  403  403  403",
  "/export/series.csv?run=$run":        "401  200  200  200  404  200  403  404  401  401  401  200  200  404",
  "/export/runs.csv?project=$project":  "401  200  200  200  404  200  403  404  401  401  401  403  403  403",
  "/image/$run/0/0":                    "401  404  404  404  404  404  403  404  401  401  401  404  404  404",
  "/artifact/$artifact":                "401  200  200  200  404  200  403  404  401  401  401  403  403  403",
  "/artifact/$artifact/preview":        "401  404  404  404  404  404  403  404  401  401  401  403  403  403",
  "POST /upload":                       "401  201  201  403  404  403  201  404  401  401  401  403  403  403",
  "/upload/$upload":                    "401  200  404  403  404  403  404  404  401  401  401  403  403  403",
  "PATCH /upload/$upload":              "401  409  404  403  404  403  404  404  401  401  401  403  403  403",
  "POST /upload/$upload/complete":      "401  422  404  403  404  403  404  404  401  401  401  403  403  403",
  "DELETE /upload/$upload":             "401  204  404  403  404  403  404  404  401  401  401  403  403  403",
  "/embed-origins/none":                "200  200  200  200  200  200  200  200  401  401  200  200  200  200",
  "/oembed":                            "400  400  400  400  400  400  400  400  401  401  400  400  400  400",
  "/sign-in/oidc":                      "303  303  303  303  303  303  303  303  303  303  303  303  303  303",
  "/sign-in/oidc/callback":             "303  303  303  303  303  303  303  303  303  303  303  303  303  303",
  "/nothing":                           "404  404  404  404  404  404  404  404  404  404  404  404  404  404",
  "socket graphql-transport-ws":        "4403 101  101  101  101  101  101  101  4403 4403 4403 101  101  101",
  [`socket ${ingestSubprotocol}`]:      "401  101  101  403  101  403  101  101  401  401  401  403  403  403",
};

let files: FilesApi;
let server: TestServer;
let headers: Record<Actor, Record<string, string>>;
let ids: Record<string, string>;

beforeAll(async () => {
  // A provider that does not answer: what there is to do at its addresses is in serve-oidc.test.ts.
  files = await startFilesApi("a folder", {
    RESIDUAL_OIDC_ISSUER: "http://127.0.0.1:1",
    RESIDUAL_OIDC_CLIENT_ID: "c",
  });
  ({ server } = files);
  const { database } = server;
  const { db, pool } = database;
  const seeded = await seed(database);
  const foreign = await seed(database);
  const runIn = async (experiment: string) =>
    (
      await server.ask(
        'mutation ($e: ID!) { createRun(input: { experiment: $e, name: "r" }) { id } }',
        { e: experiment },
        await server.signIn(),
      )
    ).data.createRun.id as string;
  const [run, other] = [await runIn(seeded.experiment.id), await runIn(foreign.experiment.id)];
  const content = Buffer.from("no picture");
  const { id: artifact } = await files.upload(run, "model.bin", content);
  const { id: upload } = await files.begin(run, "model.bin", content);
  ids = { run, project: seeded.project.id, artifact, upload };

  const person = async (projectId: string, role: Role) => {
    const id = newId("usr");
    await pool.query("INSERT INTO app_user (id, name) VALUES ($1, $2)", [id, role]);
    await pool.query("INSERT INTO membership (project_id, user_id, role) VALUES ($1, $2, $3)", [projectId, id, role]);
    const { token, viewer } = await openSession(db, id, "");
    return { viewer, headers: { cookie: `residual_session=${token}` } };
  };
  const key = async (maker: MemberViewer, projectId: string | null, ...scopes: Scope[]) => {
    const { key: text, apiKey } = await createApiKey(db, maker, projectId, { name: "k", scopes });
    return { id: apiKey.id, headers: { authorization: `Bearer ${text}` } };
  };
  const link = async (shown: string, mode: string) => {
    const { createShareLink } = (
      await server.ask(
        `mutation ($r: ID!) { createShareLink(input: { scope: RUN, mode: ${mode}, run: $r }) { path } }`,
        { r: shown },
        await server.signIn(),
      )
    ).data;
    const [id, secret] = createShareLink.path.slice("/s/".length).split("#");
    const open = "mutation ($i: OpenShareLinkInput!) { openShareLink(input: $i) { title } }";
    const response = await server.send(open, { i: { id, secret } });
    return { cookie: response.headers.getSetCookie()[0]!.split(";")[0]! };
  };
  const stranger = await person(foreign.project.id, "OWNER");
  const [expired, revoked] = [await key(operator, null, "READ"), await key(operator, null, "READ")];
  await pool.query("UPDATE api_key SET expires_at = now() WHERE id = $1", [expired.id]);
  await pool.query("UPDATE api_key SET revoked_at = now() WHERE id = $1", [revoked.id]);
  const ended = await server.signIn();
  await server.ask("mutation { signOut }", {}, ended);
  headers = {
    nobody: {},
    operator: await server.signIn(),
    owner: (await person(seeded.project.id, "OWNER")).headers,
    viewer: (await person(seeded.project.id, "VIEWER")).headers,
    stranger: stranger.headers,
    READ: (await key(operator, null, "READ")).headers,
    LOG: (await key(operator, null, "LOG")).headers,
    "stranger's key": (await key(stranger.viewer, foreign.project.id, "READ", "LOG")).headers,
    "expired key": expired.headers,
    "revoked key": revoked.headers,
    "ended session": ended,
    link: await link(run, "LIVE"),
    "frozen link": await link(run, "FROZEN"),
    "other link": await link(other, "LIVE"),
  };
});
afterAll(() => files.close());

async function statusOf(address: string, actor: Actor): Promise<number> {
  const place = address.replace(/\$(\w+)/g, (_, name: string) => ids[name]!);
  if (place.startsWith("socket ")) return socketStatus(place.slice("socket ".length), headers[actor]);
  if (place === "/graphql") return (await server.ask("{ projects { nodes { id } } }", {}, headers[actor])).status;
  const [, method = "GET", path] = /^(?:([A-Z]+) )?(.+)$/.exec(place)!;
  const response = await fetch(new URL(path!, server.url), {
    ...{ method, redirect: "manual", body: bodies[address] },
    headers: { ...headers[actor], "content-type": "application/json", "upload-offset": "1" },
  });
  await response.arrayBuffer();
  return response.status;
}

/** What goes with a request: of a file of one byte here, of a piece there that begins where none does. */
const bodies: Record<string, string | undefined> = {
  get "POST /upload"() {
    return JSON.stringify({ run: ids.run, name: "f", bytes: 1, sha256: "0".repeat(64) });
  },
  "PATCH /upload/$upload": "x",
};

/** 101 for a socket on which the server lets its holder in, else the status or code with which it does not. */
async function socketStatus(protocol: string, as: Record<string, string>): Promise<number> {
  const socket = new WebSocket(server.url.replace("http", "ws"), protocol, { headers: as });
  socket.on("error", () => {});
  socket.once("open", () => protocol.startsWith("graphql") && socket.send('{"type":"connection_init"}'));
  const answer = await Promise.race([
    once(socket, "unexpected-response").then(([, response]) => response.statusCode as number),
    once(socket, "close").then(([code]) => code as number),
    protocol.startsWith("graphql") ? once(socket, "message").then(() => 101) : once(socket, "open").then(() => 101),
  ]);
  socket.terminate();
  return answer;
}

test("the table holds every address that the server declares", () => {
  for (const path of server.addresses) {
    const pattern = new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}(\\?|$)`);
    expect(
      Object.keys(table).some((address) => pattern.test(address)),
      path,
    ).toBe(true);
  }
});

test.each(Object.entries(table))("%s", async (address, expected) => {
  const answers: string[] = [];
  for (const actor of actors) answers.push(`${actor}: ${await statusOf(address, actor)}`);
  expect(answers).toEqual(expected.split(/ +/).map((status, i) => `${actors[i]}: ${status}`));
});

test("what lies in another project is answered as what does not exist, byte for byte", async () => {
  const textOf = async (run: string) => {
    const response = await fetch(new URL(`/export/series.csv?run=${run}`, server.url), { headers: headers.stranger });
    return withoutRequestIds(await response.text()).replaceAll(run, "RUN");
  };
  expect(await textOf(ids.run!)).toBe(await textOf(`run_${"0".repeat(32)}`));
});
