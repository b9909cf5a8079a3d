import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DashboardOperations } from "../../dashboard-operations.js";
import { startTestServer, type TestServer, withoutRequestIds } from "../../test-server.js";
import { evaluationInput, insertScannedDataset } from "../image/images.fixture.js";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";

const dashboard = new DashboardOperations();
let api: TestServer;
let owner: Record<string, string>;
beforeAll(async () => {
  api = await startTestServer();
  owner = await api.signIn();
});
afterAll(() => api.close());

async function ask(query: string, variables: Record<string, unknown>) {
  const { data, errors } = await api.ask(query, variables, owner);
  if (errors) throw new Error(errors[0]!.message);
  return data;
}

async function visit(input: Record<string, unknown>): Promise<Record<string, string>> {
  const { createShareLink } = await ask(
    "mutation ($input: CreateShareLinkInput!) { createShareLink(input: $input) { path } }",
    { input },
  );
  const [id, secret] = (createShareLink.path as string).slice("/s/".length).split("#");
  const opened = await api.send(dashboard.textOf("OpenShareLink"), { input: { id, secret } });
  return { cookie: opened.headers.get("set-cookie")!.split(";")[0]! };
}

/** Two runs with points, evaluations and a dataset of four images. */
async function insertRuns(): Promise<{ runs: [TestRun, TestRun]; dataset: string; imagesHash: string }> {
  const runs = (await insertTestRuns(api.app.pool, 2)) as [TestRun, TestRun];
  const files = ["a/0", "a/1", "b/0", "b/1"];
  const contentOf = (file: string) => Buffer.from(file);
  const { id, imagesHash } = await insertScannedDataset(api.app.pool, runs, { folder: "/nowhere", files, contentOf });
  for (const run of runs) {
    const frame = { steps: [1, 2], values: { "train/loss": [0.5, 0.4], "val/accuracy": [0.5, 0.6] } };
    await ask("mutation ($input: LogMetricsInput!) { logMetrics(input: $input) { points } }", {
      input: { run: run.id, writer: "w", seq: 1, frame },
    });
    await ask("mutation ($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }", {
      input: evaluationInput(run, imagesHash, [0, 0, 1, 1], [0, 1, 1, 0], [0.9, 0.8, 0.7, 0.6]),
    });
  }
  return { runs, dataset: id, imagesHash };
}

/** What a page of the link shows, from every operation that such a page runs, and its exports. */
async function seen(headers: Record<string, string>, runs: readonly TestRun[]): Promise<Record<string, unknown>> {
  const [{ id: run, experimentId }] = runs as [TestRun];
  const ids = runs.map((one) => one.id);
  const answers: Record<string, unknown> = {};
  for (const [name, variables] of Object.entries({
    Shared: {},
    RunPage: { id: run },
    RunConfig: { run },
    RunEvaluations: { run },
    RunMistakes: { run, step: "10", first: 24, offset: 0 },
    CompareConfigs: { runs: ids },
    ExperimentAnswer: { id: experimentId },
    ExperimentRunNames: { experiment: experimentId },
    MetricHistory: { runs: ids, keys: ["train/loss"], maxPoints: 100 },
  })) {
    const { data } = await api.ask(dashboard.textOf(name), variables, headers);
    // It counts what is stored now: the database, not the run.
    if (data?.run) delete data.run.integrity;
    answers[name] = data;
  }
  for (const path of [`series.csv?experiment=${experimentId}`, `runs.csv?run=${ids.join("&run=")}`])
    answers[path] = withoutRequestIds(
      await (await fetch(`${new URL(api.url).origin}/export/${path}`, { headers })).text(),
    );
  return answers;
}

describe("a frozen link shows what was, to the last value", () => {
  it.each([
    ["a run", (runs: TestRun[]) => ({ scope: "RUN", run: runs[0]!.id })],
    ["a comparison", (runs: TestRun[]) => ({ scope: "COMPARISON", runs: runs.map(({ id }) => id) })],
    ["an experiment", (runs: TestRun[]) => ({ scope: "EXPERIMENT", experiment: runs[0]!.experimentId })],
  ])("of %s, whose runs are deleted, whose experiment, dataset and threshold are changed", async (_name, target) => {
    const { runs, dataset, imagesHash } = await insertRuns();
    const headers = await visit({ ...target(runs), mode: "FROZEN" });
    const covered = "run" in target(runs) ? [runs[0]] : runs;
    const before = await seen(headers, covered);
    expect(JSON.stringify(before.Shared)).toContain(covered.at(-1)!.id);
    const { pool } = api.app;
    const [{ projectId, experimentId }] = runs;
    for (const run of runs)
      await ask("mutation ($input: LogMetricsInput!) { logMetrics(input: $input) { points } }", {
        input: { run: run.id, writer: "w", seq: 2, frame: { steps: [3], values: { "train/loss": [9], later: [1] } } },
      });
    const later = evaluationInput(runs[0], imagesHash, [0, 0, 1, 1], [0, 0, 1, 1], [0.9, 0.8, 0.7, 0.6]);
    await ask("mutation ($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }", {
      input: { ...later, step: 20, epoch: 2 },
    });
    await ask(
      'mutation ($id: ID!) { updateExperiment(input: { id: $id, name: "Renamed", question: "New?" }) { id } }',
      {
        id: experimentId,
      },
    );
    await ask("mutation ($id: String!) { setGapThreshold(project: $id, threshold: 0.5) { id } }", { id: projectId });
    await pool.query("UPDATE dataset SET name = 'Renamed', classes = '[]', image_count = 0 WHERE id = $1", [dataset]);
    await ask("mutation ($ids: [ID!]!) { deleteRuns(ids: $ids) { id } }", { ids: runs.map(({ id }) => id) });
    expect(await seen(headers, covered)).toEqual(before);
  });

  it("while a live one has nothing more to show", async () => {
    const { runs } = await insertRuns();
    const headers = await visit({ scope: "RUN", mode: "LIVE", run: runs[0].id });
    await ask("mutation ($ids: [ID!]!) { deleteRuns(ids: $ids) { id } }", { ids: [runs[0].id] });
    const { errors } = await api.ask(dashboard.textOf("RunConfig"), { run: runs[0].id }, headers);
    expect(errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
  });
});
