import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DashboardOperations } from "../../dashboard-operations.js";
import { type Seed, seed, testConfig } from "../../test-seed.js";
import { startTestServer, type TestServer } from "../../test-server.js";
import { transaction } from "../../transaction.js";
import { checkConfig } from "./check-config.js";
import { insertRun } from "./start-run.js";

const dashboard = new DashboardOperations();
let server: TestServer;
let seeded: Seed;
let owner: Record<string, string>;
let slug: string;
beforeAll(async () => {
  server = await startTestServer();
  seeded = await seed(server.database);
  owner = await server.signIn();
  slug = (await server.database.pool.query("SELECT slug FROM project")).rows[0].slug;
});
afterAll(() => server.close());

/** What a statement answers for an id; fails where it is refused. */
async function ask(statement: string, variables: Record<string, unknown>) {
  const { data, errors } = await server.ask(statement, variables, owner);
  expect(errors).toBeUndefined();
  return data;
}
const change = (mutation: string, id: string) =>
  ask(`mutation ($id: ID!) { ${mutation}(id: $id) { trashedAt } }`, { id });
const changeRuns = (mutation: string, id: string) =>
  server.ask(`mutation ($ids: [ID!]!) { ${mutation}(ids: $ids) { id } }`, { ids: [id] }, owner);

async function newExperiment(): Promise<string> {
  const input = { project: slug, name: "Which one?" };
  return (await ask("mutation ($i: CreateExperimentInput!) { createExperiment(input: $i) { id } }", { i: input }))
    .createExperiment.id;
}
const start = (experiment: string) =>
  server.ask(
    "mutation ($i: StartRunInput!) { startRun(input: $i) { id } }",
    { i: { experiment, dataset: seeded.dataset.id, config: testConfig } },
    owner,
  );
const create = (experiment: string) =>
  server.ask(
    'mutation ($e: ID!) { createRun(input: { experiment: $e, name: "logged" }) { id } }',
    { e: experiment },
    owner,
  );

const listedExperiments = async (trashed: boolean): Promise<string[]> =>
  (
    await ask("query ($p: String!, $t: Boolean!) { project(slug: $p) { experiments(trashed: $t) { nodes { id } } } }", {
      p: slug,
      t: trashed,
    })
  ).project.experiments.nodes.map(({ id }: { id: string }) => id);
const listedRuns = async (trashed: boolean): Promise<string[]> =>
  (
    await ask("query ($p: String!, $t: Boolean!) { runs(project: $p, trashed: $t, first: 500) { nodes { id } } }", {
      p: slug,
      t: trashed,
    })
  ).runs.nodes.map(({ id }: { id: string }) => id);

describe("an experiment in the trash", () => {
  test("takes its runs along, cancels those that wait, and brings back just those that went with it", async () => {
    const experiment = await newExperiment();
    const queued = (await start(experiment)).data.startRun.id;
    const [logged, deletedBefore] = [
      (await create(experiment)).data.createRun.id,
      (await create(experiment)).data.createRun.id,
    ];
    await changeRuns("deleteRuns", deletedBefore);

    expect((await change("deleteExperiment", experiment)).deleteExperiment.trashedAt).not.toBeNull();
    await change("deleteExperiment", experiment);
    expect([await listedExperiments(false), await listedExperiments(true)]).toEqual([
      expect.not.arrayContaining([experiment]),
      [experiment],
    ]);
    expect(await listedRuns(false)).toEqual(expect.not.arrayContaining([queued]));
    expect(await listedRuns(false)).toEqual(expect.not.arrayContaining([logged]));
    expect(await listedRuns(true)).toEqual([deletedBefore]);
    const { run } = await ask("query ($id: ID!) { run(id: $id) { status jobs { status } experiment { trashedAt } } }", {
      id: queued,
    });
    expect(run).toMatchObject({ status: "STOPPED", jobs: [{ status: "CANCELLED" }] });
    expect(run.experiment.trashedAt).not.toBeNull();

    expect((await change("restoreExperiment", experiment)).restoreExperiment.trashedAt).toBeNull();
    expect(await listedExperiments(false)).toContain(experiment);
    expect(await listedRuns(false)).toEqual(expect.arrayContaining([queued, logged]));
    expect(await listedRuns(true)).toEqual([deletedBefore]);
  });

  test("gets no new run, and gives none of its runs back alone", async () => {
    const experiment = await newExperiment();
    const run = (await create(experiment)).data.createRun.id;
    await change("deleteExperiment", experiment);
    for (const { errors } of [await start(experiment), await create(experiment)])
      expect(errors?.[0]?.extensions).toMatchObject({ code: "NOT_FOUND" });
    const { errors } = await changeRuns("restoreRuns", run);
    expect(errors?.[0]?.extensions).toMatchObject({ code: "CONFLICT", field: "ids" });
    expect(errors?.[0]?.message).toContain("restoreExperiment");
  });

  test("takes along also a run that is being made while it is deleted", async () => {
    const { pool } = server.database;
    const experiment = await newExperiment();
    const { distKey, projectId } = seeded.experiment;
    let deleting: Promise<unknown> | undefined;
    const run = await transaction(pool, async (client) => {
      const planned = { config: checkConfig("config", testConfig), tags: [], priority: 0 };
      const id = await insertRun(client, { id: experiment, distKey, projectId }, seeded.dataset, planned);
      deleting = change("deleteExperiment", experiment);
      // Until the deletion waits for this transaction, or is through without it.
      let isOver = false;
      void deleting.finally(() => {
        isOver = true;
      });
      while (!isOver && (await pool.query("SELECT FROM pg_locks WHERE NOT granted")).rowCount === 0);
      return id;
    });
    await deleting;
    expect((await ask("query ($id: ID!) { run(id: $id) { trashedAt } }", { id: run })).run.trashedAt).not.toBeNull();
  });

  test("is not shown by the live link that was made of it, until it is back", async () => {
    const experiment = await newExperiment();
    const { path } = (
      await ask(
        "mutation ($e: ID!) { createShareLink(input: { scope: EXPERIMENT, mode: LIVE, experiment: $e }) { path } }",
        {
          e: experiment,
        },
      )
    ).createShareLink;
    const [link, secret] = path.slice("/s/".length).split("#");
    const opened = await server.send(
      "mutation ($i: OpenShareLinkInput!) { openShareLink(input: $i) { title } }",
      { i: { id: link, secret } },
      {},
    );
    const visitor = { cookie: opened.headers.get("set-cookie")!.split(";")[0]! };
    const seen = async () => {
      const { data, errors } = await server.ask(dashboard.textOf("Shared"), {}, visitor);
      return data?.shared?.title ?? errors?.[0]?.extensions["code"];
    };
    expect(await seen()).toBe("Which one?");
    await change("deleteExperiment", experiment);
    expect(await seen()).toBe("NOT_FOUND");
    await change("restoreExperiment", experiment);
    expect(await seen()).toBe("Which one?");
  });
});
