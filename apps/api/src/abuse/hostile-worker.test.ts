import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiKey, viewerOfApiKey } from "../modules/account/api-key.js";
import { openTestApi, type TestApi } from "../test-api.fixture.js";
import { queueTestRuns, type Seed, seed } from "../test-seed.js";
import { operator } from "../test-viewer.fixture.js";
import type { MemberViewer } from "../viewer.js";

let api: TestApi;
let own: Seed;
let foreign: Seed;
beforeAll(async () => {
  api = await openTestApi();
  own = await seed(api.database, { workers: 0 });
  foreign = await seed(api.database, { workers: 0 });
});
afterAll(() => api.close());

/** A key for a worker of one project, or of all. */
async function workerKey(project: Seed | null): Promise<MemberViewer> {
  const { db } = api.database;
  const { key } = await createApiKey(db, operator, project?.project.id ?? null, { name: "w", scopes: ["WORK"] });
  return (await viewerOfApiKey(db, key))!;
}

async function register(as: MemberViewer, name: string): Promise<string> {
  const input = {
    name,
    host: "h",
    backend: "wasm",
    device: "cpu",
    gigaflops: 1,
    memoryBytes: 1,
    threads: 1,
    version: "1",
    executors: [],
  };
  const mutation = "mutation ($input: RegisterWorkerInput!) { registerWorker(input: $input) { id } }";
  return (await api.ask<{ registerWorker: { id: string } }>(mutation, { input }, { as })).registerWorker.id;
}

const claim = async (as: MemberViewer, worker: string) =>
  (
    await api.ask<{ claimJob: { job: { id: string }; leaseGeneration: number; run: { id: string } } | null }>(
      "mutation ($worker: ID!) { claimJob(input: { worker: $worker, kinds: [TRAIN_RUN] }) { job { id } leaseGeneration run { id } } }",
      { worker },
      { as },
    )
  ).claimJob;

describe("a worker's key of one project", () => {
  it("gets jobs of that project only, whatever waits elsewhere", async () => {
    const [foreignRun] = await queueTestRuns(api.database, foreign, 1);
    const [ownRun] = await queueTestRuns(api.database, own, 1);
    const as = await workerKey(own);
    const worker = await register(as, "one");
    expect((await claim(as, worker))?.run.id).toBe(ownRun);
    expect(await claim(as, worker)).toBeNull();
    const all = await workerKey(null);
    expect((await claim(all, await register(all, "all")))?.run.id).toBe(foreignRun);
  });

  it("acts for no worker but its own, and says nothing of a job or a run that another holds, with the right generation neither", async () => {
    await queueTestRuns(api.database, own, 1);
    const honest = await workerKey(own);
    const worker = await register(honest, "honest");
    const held = (await claim(honest, worker))!;
    const hostile = await workerKey(own);
    expect(
      await api.refusal(
        "mutation ($w: ID!) { claimJob(input: { worker: $w, kinds: [] }) { leaseGeneration } }",
        { w: worker },
        { as: hostile },
      ),
    ).toMatchObject({ code: "NOT_FOUND" });
    const lease = { job: held.job.id, leaseGeneration: held.leaseGeneration };
    for (const [mutation, input] of [
      ["mutation ($i: HeartbeatInput!) { heartbeat(input: $i) { leaseUntil } }", lease],
      ["mutation ($i: FinishJobInput!) { finishJob(input: $i) { id } }", { ...lease, status: "DONE" }],
      [
        "mutation ($i: CommitCheckpointInput!) { commitCheckpoint(input: $i) { step } }",
        { ...lease, step: 1, epoch: 1, path: "p", sha256: "0".repeat(64), bytes: 1 },
      ],
    ] as const)
      expect(await api.refusal(mutation, { i: input }, { as: hostile })).toMatchObject({ code: "FENCED" });
    for (const [mutation, input] of [
      [
        "mutation ($i: LogMetricsInput!) { logMetrics(input: $i) { points } }",
        { writer: "w", seq: 1, frame: { steps: [1], values: { "val/accuracy": [1] } } },
      ],
      [
        "mutation ($i: LogTestScoreInput!) { logTestScore(input: $i) { id } }",
        { step: 1, score: { examples: 10, correct: 10, meanLoss: 0 } },
      ],
    ] as const) {
      const i = { run: held.run.id, leaseGeneration: held.leaseGeneration, ...input };
      expect(await api.refusal(mutation, { i }, { as: hostile })).toMatchObject({ code: "FENCED" });
      expect(await api.ask(mutation, { i }, { as: honest })).toBeDefined();
    }
    const { heartbeat } = await api.ask<{ heartbeat: object }>(
      "mutation ($i: HeartbeatInput!) { heartbeat(input: $i) { leaseUntil } }",
      { i: lease },
      { as: honest },
    );
    expect(heartbeat).toHaveProperty("leaseUntil");
  });

  it("takes over no worker of another project by its name", async () => {
    await register(await workerKey(foreign), "theirs");
    const input = "mutation ($i: RegisterWorkerInput!) { registerWorker(input: $i) { id } }";
    const i = {
      name: "theirs",
      host: "h",
      backend: "b",
      device: "d",
      gigaflops: 1,
      memoryBytes: 1,
      threads: 1,
      version: "1",
      executors: [],
    };
    expect(await api.refusal(input, { i }, { as: await workerKey(own) })).toMatchObject({ code: "CONFLICT" });
  });

  it("reads no project, lists nobody, and makes no key", async () => {
    const as = await workerKey(own);
    for (const query of [
      "{ projects { nodes { id } } }",
      "{ workers { id } }",
      `{ project(slug: "${own.project.id}") { members { name } } }`,
      'mutation { createApiKey(input: { name: "k", scopes: [READ] }) { key } }',
    ])
      expect(await api.refusal(query, {}, { as })).toMatchObject({ code: "FORBIDDEN" });
  });
});
