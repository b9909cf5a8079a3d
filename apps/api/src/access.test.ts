import "reflect-metadata";
import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allScopes } from "./access.js";
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

/*
 * Who may use which root field. 401 UNAUTHENTICATED, 403 FORBIDDEN, 404 NOT_FOUND, 400 BAD_INPUT; ok: it was done, or the state of the object
 * or its lease stood against it (CONFLICT, FENCED); 429 RATE_LIMITED: the actors before have guessed too often. A job that is not the actor's own is FENCED as one that does not exist.
 *
 * $a, $b and $c are runs that a script logs, in one experiment; $trained waits for its first claim. Owner, member and viewer belong to that
 * project and no other, the stranger owns another one, and the stranger's key has every scope there. READ, LOG and WORK are keys of whoever
 * runs the server. Links are open to $a, to a comparison of $a and $b, and to a frozen $a; the fourth was to $a and is withdrawn.
 */
const actors = [
  ...["nobody", "operator", "owner", "member", "viewer", "stranger", "READ", "LOG", "WORK", "stranger's key"],
  ...["link to a", "link to a, b", "frozen a", "withdrawn"],
] as const;

const config = "{ architecture: resnet18, batchSize: 16, epochs: 2, learningRate: 0.001, imageSize: 32 }";
const score = "{ examples: 10, correct: 5, meanLoss: 1 }";
const lease = "job: $job, leaseGeneration: 7";
const frame = "{ steps: [1], values: { x: [1] } }";

const table: Record<"query" | "mutation" | "subscription", [field: string, outcomes: string][]> = {
  // biome-ignore format: a table
  query: [
    //  nobd oper ownr memb view strn READ LOG  WORK skey a    a,b  froz gone
    ["architectures { id }",
      "401  ok   ok   ok   ok   ok   ok   403  403  ok   ok   ok   ok   401"],
    ["auditLog(project: $project) { nodes { id } }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["auditLog { nodes { id } }",
      "401  ok   403  403  403  403  403  403  403  403  403  403  403  401"],
    ["build { commit }",
      "401  ok   ok   ok   ok   ok   ok   403  403  ok   ok   ok   ok   401"],
    ["comparison(runs: [$a, $b]) { baseline }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  ok   404  401"],
    ["comparison(runs: [$a, $c]) { baseline }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["dataset(id: $dataset) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  403  403  403  401"],
    ["disagreements(run: $a, baseline: $b) { bothWrong }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  ok   404  401"],
    ["disagreements(run: $a, baseline: $c) { bothWrong }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["experiment(id: $experiment) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["metricCursor(runs: [$a])",
      "401  ok   ok   ok   ok   404  ok   403  403  404  ok   ok   ok   401"],
    ["metricCursor(runs: [$a, $c])",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["invite(input: { id: $invite, secret: $inviteSecret }) { project }",
      "ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok"],
    ["invite(input: { id: $invite, secret: $secret }) { project }",
      "404  404  404  404  404  404  404  404  404  404  404  404  404  404"],
    ['metricSeries(runs: [$a], keys: ["x"]) { count }',
      "401  ok   ok   ok   ok   404  ok   403  403  404  ok   ok   ok   401"],
    ['metricSeries(runs: [$a, $c], keys: ["x"]) { count }',
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["node(id: $a) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  ok   ok   ok   401"],
    ["node(id: $b) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  ok   404  401"],
    ["node(id: $c) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["node(id: $project) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["node(id: $experiment) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["node(id: $dataset) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["node(id: $worker) { id }",
      "401  ok   ok   ok   ok   ok   ok   403  403  ok   404  404  404  401"],
    ["node(id: $job) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["node(id: $key) { id }",
      "401  ok   404  404  404  404  404  403  403  404  404  404  404  401"],
    ["node(id: $artifact) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["node(id: $link) { id }",
      "401  ok   ok   ok   404  404  404  403  403  404  404  404  404  401"],
    [`preflight(dataset: $dataset, input: ${config}) { __typename }`,
      "401  ok   ok   ok   ok   404  ok   403  403  404  403  403  403  401"],
    ["project(slug: $project) { members { userId } }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  403  403  403  401"],
    ["project(slug: $project) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  403  403  403  401"],
    ["projects { nodes { id } }",
      "401  ok   ok   ok   ok   ok   ok   403  403  ok   403  403  403  401"],
    ["run(id: $a) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  ok   ok   ok   401"],
    ["run(id: $b) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  ok   404  401"],
    ["run(id: $c) { id }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["run(id: $a) { artifacts { nodes { id } } }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  403  403  403  401"],
    ["run(id: $a) { experiment { runs { nodes { id } } } }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["run(id: $a) { experiment { project { id } } }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["runs(project: $project) { nodes { id } }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  403  403  403  401"],
    ["shared { title }",
      "ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok"],
    ["signInProvider",
      "ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok"],
    ["trainingGuide(architecture: resnet18) { notes { __typename } }",
      "401  ok   ok   ok   ok   ok   ok   403  403  ok   403  403  403  401"],
    ["viewer { id }",
      "ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok"],
    ["workers { id }",
      "401  ok   ok   ok   ok   ok   ok   403  403  ok   403  403  403  401"],
  ],
  // biome-ignore format: a table
  mutation: [
    //  nobd oper ownr memb view strn READ LOG  WORK skey a    a,b  froz gone
    ["signIn(input: { token: $ownerToken }) { id }",
      "ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok"],
    ['signInWithPassword(input: { email: "nobody@example.org", password: "?" }) { id }',
      "401  401  401  401  401  401  401  401  401  401  429  429  429  429"],
    ['setPassword(input: { email: "nobody", password: "?" }) { id }',
      "401  400  400  400  400  400  403  403  403  403  403  403  403  401"],
    ["revokeSession(id: $session)",
      "401  404  404  404  404  404  403  403  403  403  403  403  403  401"],
    ["revokeOtherSessions",
      "401  ok   ok   ok   ok   ok   403  403  403  403  403  403  403  401"],
    ["createInvite(input: { project: $project, role: VIEWER }) { id }",
      "401  ok   ok   403  403  404  403  403  403  403  403  403  403  401"],
    ["revokeInvite(id: $invite)",
      "401  ok   ok   403  403  404  403  403  403  403  403  403  403  401"],
    ["acceptInvite(input: { id: $invite, secret: $secret }) { id }",
      "404  404  404  404  404  404  404  404  404  404  404  404  404  404"],
    ["setMemberRole(project: $project, user: $user, role: VIEWER) { id }",
      "401  404  404  403  403  404  403  403  403  403  403  403  403  401"],
    ["removeMember(project: $project, user: $user) { id }",
      "401  404  404  403  403  404  403  403  403  403  403  403  403  401"],
    ["leaveProject(project: $foreignProject)",
      "401  404  404  404  404  404  403  403  403  403  403  403  403  401"],
    ["createSignInLink(user: $user) { id }",
      "401  404  403  403  403  403  403  403  403  403  403  403  403  401"],
    ["openShareLink(input: { id: $link, secret: $secret }) { title }",
      "ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok"],
    ["openShareLink(input: { id: $withdrawn, secret: $secret }) { title }",
      "404  404  404  404  404  404  404  404  404  404  404  404  404  404"],
    ['openEmbeddedLink(input: { key: "none" }) { title }',
      "404  404  404  404  404  404  404  404  404  404  404  404  404  404"],
    ["signOut",
      "ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok"],
    ['createApiKey(input: { name: "more", scopes: [READ] }) { key }',
      "401  ok   ok   ok   403  ok   403  403  403  400  403  403  403  401"],
    ["revokeApiKey(id: $key) { id }",
      "401  ok   404  404  403  404  403  403  403  404  403  403  403  401"],
    ['createProject(input: { slug: "another", name: "Another" }) { id }',
      "401  ok   ok   ok   403  ok   403  403  403  403  403  403  403  401"],
    ['createExperiment(input: { project: $project, name: "More" }) { id }',
      "401  ok   ok   ok   403  404  403  ok   403  404  403  403  403  401"],
    ['updateExperiment(input: { id: $experiment, question: "?" }) { id }',
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ['registerDataset(input: { project: $project, name: "d", path: "/d" }) { id }',
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["rescanDataset(id: $scanned) { id }",
      "401  ok   404  404  403  ok   403  403  403  ok   403  403  403  401"],
    [`startRun(input: { experiment: $experiment, dataset: $dataset, config: ${config} }) { id }`,
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    [`startSweep(input: { experiment: $experiment, dataset: $dataset, configs: [${config}] }) { id }`,
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    [`applyAdvice(run: $trained, advice: "OVERFITTING.mixup") { id }`,
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["startLearningCurve(run: $trained) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["setGapPairs(run: $a) { id }",
      "401  ok   ok   ok   403  404  403  ok   403  404  403  403  403  401"],
    ["setGapThreshold(project: $project, threshold: 0.1) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    [`stopSweep(id: "swp_${"0".repeat(32)}") { id }`,
      "401  404  404  404  403  404  403  403  403  404  403  403  403  401"],
    ["stopRun(id: $spare) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["cancelRun(id: $spare) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["resumeRun(id: $spare) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["deleteRuns(ids: [$spare]) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["restoreRuns(ids: [$spare]) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["deleteExperiment(id: $doomed) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["restoreExperiment(id: $doomed) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["deleteArtifact(id: $artifact) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["restoreArtifact(id: $artifact) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ['createRun(input: { experiment: $experiment, name: "mine" }) { id }',
      "401  ok   ok   ok   403  404  403  ok   403  404  403  403  403  401"],
    ['updateRun(input: { id: $a, notes: "n" }) { id }',
      "401  ok   ok   ok   403  404  403  ok   403  404  403  403  403  401"],
    ['updateRun(input: { id: $trained, notes: "n" }) { id }',
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    [`logMetrics(input: { run: $a, writer: "w", seq: 1, frame: ${frame} }) { points }`,
      "401  ok   ok   ok   403  404  403  ok   403  404  403  403  403  401"],
    [`logMetrics(input: { run: $trained, writer: "w", seq: 1, frame: ${frame} }) { points }`,
      "401  ok   ok   403  403  404  403  403  ok   404  403  403  403  401"],
    [`logEvaluation(input: { run: $a, epoch: 1, step: 1, train: ${score}, val: ${score} }) { step }`,
      "401  ok   ok   ok   403  404  403  ok   403  404  403  403  403  401"],
    [`logEvaluation(input: { run: $trained, epoch: 1, step: 1, train: ${score}, val: ${score} }) { step }`,
      "401  ok   ok   403  403  404  403  403  ok   404  403  403  403  401"],
    [`logTestScore(input: { run: $a, step: 1, score: ${score} }) { id }`,
      "401  ok   ok   ok   403  404  403  ok   403  404  403  403  403  401"],
    [`logTestScore(input: { run: $trained, step: 1, score: ${score} }) { id }`,
      "401  ok   ok   403  403  404  403  403  ok   404  403  403  403  401"],
    ["finishRun(input: { id: $a }) { id }",
      "401  ok   ok   ok   403  404  403  ok   403  404  403  403  403  401"],
    ["finishRun(input: { id: $trained }) { id }",
      "401  ok   ok   ok   403  404  403  ok   403  404  403  403  403  401"],
    ["createShareLink(input: { scope: RUN, mode: LIVE, run: $a }) { path }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["revokeShareLink(id: $withdrawn) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    ["setShareLinkPassword(id: $withdrawn, password: null) { id }",
      "401  ok   ok   ok   403  404  403  403  403  404  403  403  403  401"],
    [`registerWorker(input: { name: "w", host: "h", backend: "wasm", device: "cpu", gigaflops: 1, memoryBytes: 1, threads: 1,
        version: "1", executors: [] }) { id }`,
      "401  ok   403  403  403  403  403  403  ok   ok   403  403  403  401"],
    ["claimJob(input: { worker: $worker, kinds: [] }) { leaseGeneration }",
      "401  ok   404  403  403  404  403  403  ok   404  403  403  403  401"],
    [`beginJob(input: { ${lease} }) { id }`,
      "401  ok   ok   403  403  ok   403  403  ok   ok   403  403  403  401"],
    [`heartbeat(input: { ${lease} }) { leaseUntil }`,
      "401  ok   ok   403  403  ok   403  403  ok   ok   403  403  403  401"],
    [`addRunNotice(input: { ${lease}, step: 1, kind: DIVERGED, key: "k", values: {}, text: "t" }) { step }`,
      "401  ok   ok   403  403  ok   403  403  ok   ok   403  403  403  401"],
    [`commitCheckpoint(input: { ${lease}, step: 1, epoch: 1, path: "p", sha256: "${"0".repeat(64)}", bytes: 1 }) { step }`,
      "401  ok   ok   403  403  ok   403  403  ok   ok   403  403  403  401"],
    [`reportDatasetScan(input: { ${lease}, contentHash: "h", imageCount: 0, classes: [], duplicates: [], unreadable: [],
        warnings: [] }) { id }`,
      "401  ok   ok   403  403  ok   403  403  ok   ok   403  403  403  401"],
    [`finishJob(input: { ${lease}, status: DONE }) { id }`,
      "401  ok   ok   403  403  ok   403  403  ok   ok   403  403  403  401"],
  ],
  // biome-ignore format: a table
  subscription: [
    //  nobd oper ownr memb view strn READ LOG  WORK skey a    a,b  froz gone
    ["gapAlerts(project: $project) { at }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  403  403  403  401"],
    ["metricUpdates(runs: [$a]) { cursor }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  ok   ok   ok   401"],
    ["metricUpdates(runs: [$b]) { cursor }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  ok   404  401"],
    ["metricUpdates(runs: [$a, $c]) { cursor }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  404  404  404  401"],
    ["runUpdates(project: $project) { change }",
      "401  ok   ok   ok   ok   404  ok   403  403  404  403  403  403  401"],
  ],
};

const ownerToken = "the owner's token of this test";
let api: TestApi;
/** What the table's $names stand for. */
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

/** How the API answers; the whole error where it is none of the table's. */
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
    const named = new Set(table[kind].map(([field]) => /^\w+/.exec(field)![0]));
    const type = {
      query: api.schema.getQueryType(),
      mutation: api.schema.getMutationType(),
      subscription: api.schema.getSubscriptionType(),
    }[kind];
    expect([...named].sort(), kind).toEqual(Object.keys(type!.getFields()).sort());
  }
});

for (const kind of ["query", "mutation", "subscription"] as const) {
  test.each(table[kind])(`${kind} %s`, async (field, expected) => {
    const answers: string[] = [];
    for (const actor of actors) answers.push(`${actor}: ${await outcomeOf(kind, field, viewers[actor])}`);
    expect(answers).toEqual(expected.split(/ +/).map((outcome, i) => `${actors[i]}: ${outcome}`));
  });
}
