import "reflect-metadata";
import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allScopes } from "./access.js";
import { accessTable, actors } from "./access-table.fixture.js";
import { authenticate } from "./authenticate.js";
import { newId } from "./ids.js";
import { createApiKey } from "./modules/account/api-key.js";
import { openSession } from "./modules/account/session.js";
import { insertExperiment } from "./modules/experiment/experiment.service.js";
import { createInvite } from "./modules/member/invite.js";
import type { Project } from "./modules/project/project.entity.js";
import { openTestApi, type TestApi } from "./test-api.fixture.js";
import { queueTestRuns, seed } from "./test-seed.js";
import { operator } from "./test-viewer.fixture.js";
import type { MemberViewer, Role, Scope, Viewer } from "./viewer.js";

const ownerToken = "the owner's token of this test";
let api: TestApi;
/** What the accessTable's $names stand for. */
let ids: Record<string, string>;
let viewers: Record<(typeof actors)[number], Viewer | null>;

beforeAll(async () => {
  api = await openTestApi();
  api.app.env.RESIDUAL_OWNER_TOKEN = ownerToken;
  const { database } = api;
  const seeded = await seed(database);
  const other = await seed(database);
  const gone = await seed(database);
  const [trained, spare] = await queueTestRuns(database, seeded, 2);
  const jobs = await database.pool.query("SELECT id FROM job WHERE run_id = $1", [trained]);
  const logged = async (name: string) =>
    (
      await api.ask<{ createRun: { id: string } }>(
        "mutation ($input: CreateRunInput!) { createRun(input: $input) { id } }",
        { input: { experiment: seeded.experiment.id, name } },
      )
    ).createRun.id;
  const [a, b, c] = [await logged("a"), await logged("b"), await logged("c")];

  const doomed = await insertExperiment(database.db, seeded.project as Project, {
    ...{ name: "doomed", question: "", selectionMetric: "val/accuracy" },
  });

  const keyOf = async (...scopes: Scope[]) => createApiKey(database.db, operator, null, { name: "key", scopes });
  const bearer = async (scope: Scope) => viewerOf({ authorization: `Bearer ${(await keyOf(scope)).key}` });
  const visitor = async ({ id, secret }: { id: string; secret: string }) => {
    const cookies = new Map<string, string | null>();
    await api.ask(
      `mutation { openShareLink(input: { id: "${id}", secret: "${secret}" }) { title } }`,
      {},
      { as: null, cookies },
    );
    return { cookie: `residual_share=${cookies.get("residual_share")}` };
  };
  const link = await share({ scope: "RUN", mode: "LIVE", run: a });
  const compared = await share({ scope: "COMPARISON", mode: "LIVE", runs: [a, b] });
  const frozen = await share({ scope: "RUN", mode: "FROZEN", run: a });
  const withdrawn = await share({ scope: "RUN", mode: "LIVE", run: a });
  const withdrawnCookie = await visitor(withdrawn);
  expect(await viewerOf(withdrawnCookie)).not.toBeNull();
  await api.ask(`mutation { revokeShareLink(id: "${withdrawn.id}") { id } }`);

  const cookies = new Map<string, string | null>();
  await api.ask(`mutation { signIn(input: { token: "${ownerToken}" }) { id } }`, {}, { as: null, cookies });
  const stranger = await person(other.project.id, "OWNER");
  const foreign = await createApiKey(database.db, stranger, other.project.id, { name: "key", scopes: allScopes });
  viewers = {
    nobody: null,
    operator: await viewerOf({ cookie: `residual_session=${cookies.get("residual_session")}` }),
    owner: await person(seeded.project.id, "OWNER"),
    member: await person(seeded.project.id, "MEMBER"),
    viewer: await person(seeded.project.id, "VIEWER"),
    stranger,
    "stranger's key": await viewerOf({ authorization: `Bearer ${foreign.key}` }),
    READ: await bearer("READ"),
    LOG: await bearer("LOG"),
    WORK: await bearer("WORK"),
    "link to a": await viewerOf(await visitor(link)),
    "link to a, b": await viewerOf(await visitor(compared)),
    "frozen a": await viewerOf(await visitor(frozen)),
    withdrawn: await viewerOf(withdrawnCookie),
  };
  const invite = await createInvite(database.pool, seeded.project as Project, operator.userId!, {
    ...{ project: "", role: "VIEWER", label: "", expiresInDays: 1 },
  });
  const artifact = newId("art");
  await database.pool.query(
    `INSERT INTO artifact (dist_key, id, project_id, run_id, name, version, sha256, bytes, created_by, author)
     VALUES ($1, $2, $3, $4, 'model.safetensors', 1, '', 1, 'usr_1', 'Somebody')`,
    [seeded.project.distKey, artifact, seeded.project.id, a],
  );
  ids = {
    ...{ a, b, c, artifact, ownerToken, trained: trained!, spare: spare!, doomed, job: jobs.rows[0].id },
    ...{ project: seeded.project.id, experiment: seeded.experiment.id, dataset: seeded.dataset.id },
    ...{ worker: seeded.workers[0]!, scanned: other.dataset.id, key: (await keyOf("READ")).apiKey.id },
    ...{ user: newId("usr"), session: newId("ses"), foreignProject: gone.project.id },
    ...{ invite: invite.id, inviteSecret: invite.path.split("#")[1]! },
    ...{ link: link.id, secret: link.secret, withdrawn: withdrawn.id },
  };
});
afterAll(() => api.close());

/** Somebody who belongs to one project. */
async function person(projectId: string, role: Role): Promise<MemberViewer> {
  const { pool, db } = api.database;
  const id = newId("usr");
  await pool.query("INSERT INTO app_user (id, name) VALUES ($1, $2)", [id, role]);
  await pool.query("INSERT INTO membership (project_id, user_id, role) VALUES ($1, $2, $3)", [projectId, id, role]);
  return (await openSession(db, id, "a browser")).viewer;
}

/** The credential as it comes with a request; what it is worth is asked of the API. */
async function viewerOf(headers: Record<string, string>): Promise<Viewer | null> {
  return (await authenticate(api.database.db, { headers } as unknown as IncomingMessage)).viewer;
}

async function share(input: Record<string, unknown>): Promise<{ id: string; secret: string }> {
  const { createShareLink } = await api.ask<{ createShareLink: { path: string } }>(
    "mutation ($input: CreateShareLinkInput!) { createShareLink(input: $input) { path } }",
    { input },
  );
  const [id, secret] = createShareLink.path.replace("/s/", "").split("#");
  return { id: id!, secret: secret! };
}

const outcomes: Record<string, string> = {
  UNAUTHENTICATED: "401",
  FORBIDDEN: "403",
  NOT_FOUND: "404",
  CONFLICT: "ok",
  FENCED: "ok",
  BAD_INPUT: "400",
  RATE_LIMITED: "429",
};

/** How the API answers; the whole error where it is none of the accessTable's. */
async function outcomeOf(kind: string, field: string, viewer: Viewer | null): Promise<string> {
  const source = `${kind} { ${field.replace(/\$(\w+)/g, (_, name: string) => JSON.stringify(ids[name]))} }`;
  try {
    if (kind === "subscription") await (await api.follow(source, {}, viewer)).return?.();
    else await api.ask(source, {}, { as: viewer });
    return "ok";
  } catch (error) {
    const { message, extensions } = error as { message: string; extensions?: { code?: string } };
    return outcomes[extensions?.code ?? ""] ?? `${extensions?.code}: ${message}`;
  }
}

test("the table holds every root field, and no other", () => {
  for (const kind of ["query", "mutation", "subscription"] as const) {
    const named = new Set(accessTable[kind].map(([field]) => /^\w+/.exec(field)![0]));
    const type = {
      query: api.schema.getQueryType(),
      mutation: api.schema.getMutationType(),
      subscription: api.schema.getSubscriptionType(),
    }[kind];
    expect([...named].sort(), kind).toEqual(Object.keys(type!.getFields()).sort());
  }
});

for (const kind of ["query", "mutation", "subscription"] as const) {
  test.each(accessTable[kind])(`${kind} %s`, async (field, expected) => {
    const answers: string[] = [];
    for (const actor of actors) answers.push(`${actor}: ${await outcomeOf(kind, field, viewers[actor])}`);
    expect(answers).toEqual(expected.split(/ +/).map((outcome, i) => `${actors[i]}: ${outcome}`));
  });
}
