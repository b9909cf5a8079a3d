import "reflect-metadata";
import { float64ColumnFromBase64 } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import type { ShareViewer } from "../../viewer.js";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";
import { viewerOfShareSession } from "./share-session.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const unknownRun = "run_00000000000070008000000000000000";

async function log(run: TestRun, seq: number, steps: number[], value = 1): Promise<void> {
  await api.ask("mutation($input: LogMetricsInput!) { logMetrics(input: $input) { points } }", {
    input: { run: run.id, writer: "w", seq, frame: { steps, values: { "train/loss": steps.map(() => value) } } },
  });
}

async function logEvaluation(run: TestRun, epoch: number): Promise<void> {
  const score = (examples: number) => ({ examples, correct: examples / 2, meanLoss: 1 });
  await api.ask("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }", {
    input: { run: run.id, epoch, step: epoch, train: score(100), val: score(100) },
  });
}

const createQuery =
  "mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) { path shareLink { id target views } } }";
const openQuery =
  "mutation($input: OpenShareLinkInput!) { openShareLink(input: $input) { title frozenAt run { id status } runs { id } } }";

/** Makes a link and opens it as a stranger. */
async function share(input: Record<string, unknown>) {
  const { createShareLink } = await api.ask<{ createShareLink: { path: string; shareLink: { id: string } } }>(
    createQuery,
    { input },
  );
  const [, id, secret] = /^\/s\/(lnk_[0-9a-f]{32})#(.{43})$/.exec(createShareLink.path)!;
  const visit = async () => {
    const cookies = new Map<string, string | null>();
    const { openShareLink } = await api.ask<{
      openShareLink: { title: string; run: { id: string; status: string } | null; runs: { id: string }[] };
    }>(openQuery, { input: { id, secret } }, { as: null, cookies });
    const token = cookies.get("residual_share")!;
    return { view: openShareLink, token, viewer: (await viewerOfShareSession(api.database.db, token))! };
  };
  return { id: id!, secret: secret!, visit };
}

describe("a visitor sees what the link covers", () => {
  it("the weights a run began with, but not the folder they lay in, nor notices that may name its images", async () => {
    const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    const source = "/home/jane/weights/mine.safetensors";
    await api.database.pool.query("UPDATE run SET config = $2, initial_weights = $3, passport = $4 WHERE id = $1", [
      run.id,
      { initialWeights: source },
      { source, sha256: null, layout: "TIMM", replaced: [], resized: [] },
      { parameters: 1, macs: 1, imageSize: 32, classes: 2, checkpointBytes: 1, predictedMemoryBytes: 1 },
    ]);
    await api.database.pool.query(
      "INSERT INTO run_notice (dist_key, run_id, step, kind, message) VALUES ($1, $2, 7, 'DIVERGED', '{}')",
      [run.distKey, run.id],
    );
    const { visit } = await share({ scope: "RUN", mode: "LIVE", run: run.id });
    const query = "query($id: ID!) { run(id: $id) { config notices { step } passport { initialWeights { source } } } }";
    const { run: seen } = await api.ask<{ run: unknown }>(query, { id: run.id }, { as: (await visit()).viewer });
    expect(seen).toEqual({
      config: { initialWeights: "mine.safetensors" },
      notices: [],
      passport: { initialWeights: { source: "mine.safetensors" } },
    });
    // Its message is not a whole one here: a member's question for its step only is answered.
    expect(await api.ask(query, { id: run.id })).toMatchObject({ run: { notices: [{ step: 7 }] } });
  });

  it("a run, its series and its gap, and is told nothing of where it ran", async () => {
    const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    await log(run, 1, [0, 1, 2]);
    await api.database.pool.query(
      `UPDATE run SET notes = 'secret notes', environment = '{"host": "secret"}', error = 'secret' WHERE id = $1`,
      [run.id],
    );
    const { visit, id, secret } = await share({ scope: "RUN", mode: "LIVE", run: run.id });
    const { view, viewer } = await visit();
    expect(view).toMatchObject({ title: "Test", run: { id: run.id } });
    const query = `query($id: ID!) { run(id: $id) { name notes error environment series(keys: ["train/loss"]) { count } metrics { key }
      jobs { worker { host } } checkpoints { path } experiment { name project { name } } } }`;
    const whole = await api.refusal(query, { id: run.id }, { as: viewer });
    expect(whole).toMatchObject({ code: "NOT_FOUND" });
    const { run: seen } = await api.ask<{ run: unknown }>(
      query.replace("project { name }", "comparison { sentence { text } }"),
      { id: run.id },
      { as: viewer },
    );
    expect(JSON.stringify(seen)).not.toContain("secret");
    expect(seen).toMatchObject({ name: "Test", series: [{ count: 3 }], jobs: [], experiment: { comparison: null } });
    // The answer of openShareLink itself is held to the same.
    const open = `mutation($input: OpenShareLinkInput!) { openShareLink(input: $input) { run { notes error environment } } }`;
    for (const as of [null, undefined])
      expect(JSON.stringify(await api.ask(open, { input: { id, secret } }, { as }))).not.toContain("secret");
  });

  it("and of everything else the same as of what does not exist", async () => {
    const [shared, sibling] = (await insertTestRuns(api.database.pool, 2)) as [TestRun, TestRun];
    const { visit } = await share({ scope: "RUN", mode: "LIVE", run: shared.id });
    const as = (await visit()).viewer;
    const answers = async (ask: (id: string) => Promise<Record<string, unknown>>, hidden: string, unknown: string) => {
      const [first, second] = [await ask(hidden), await ask(unknown)];
      expect(first).toMatchObject({ code: "NOT_FOUND" });
      expect(JSON.stringify(first).replaceAll(hidden, "ID")).toBe(JSON.stringify(second).replaceAll(unknown, "ID"));
    };
    const run = (id: string) => api.refusal("query($id: ID!) { run(id: $id) { id } }", { id }, { as });
    const node = (id: string) => api.refusal("query($id: ID!) { node(id: $id) { id } }", { id }, { as });
    const series = (id: string) =>
      api.refusal(`query($id: ID!) { metricSeries(runs: [$id], keys: ["a"]) { count } }`, { id }, { as });
    const comparison = (id: string) =>
      api.refusal(
        "query($a: ID!, $b: ID!) { comparison(runs: [$a, $b]) { baseline } }",
        { a: shared.id, b: id },
        { as },
      );
    const follow = (id: string) =>
      api.follow("subscription($id: ID!) { metricUpdates(runs: [$id]) { run } }", { id }, as).then(
        () => ({}),
        (error: { message: string; extensions: object }) => ({ message: error.message, ...error.extensions }),
      );
    for (const ask of [run, node, series, comparison, follow]) await answers(ask, sibling.id, unknownRun);
    const experiment = (id: string) => api.refusal("query($id: ID!) { experiment(id: $id) { id } }", { id }, { as });
    await answers(experiment, shared.experimentId, shared.experimentId.replace(/.{4}$/, "0000"));
    await answers(node, shared.projectId, shared.projectId.replace(/.{4}$/, "0000"));
  });

  it("can change nothing and list nothing", async () => {
    const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    const { visit, id } = await share({ scope: "RUN", mode: "LIVE", run: run.id });
    const as = (await visit()).viewer;
    for (const operation of [
      `mutation { revokeShareLink(id: "${id}") { id } }`,
      `mutation { createShareLink(input: { scope: RUN, mode: LIVE, run: "${run.id}" }) { path } }`,
      `mutation { updateRun(input: { id: "${run.id}", name: "x" }) { id } }`,
      `mutation { logMetrics(input: { run: "${run.id}", writer: "w", seq: 1, frame: { steps: [], values: {} } }) { points } }`,
      "query { projects { nodes { id } } }",
      `query { runs(project: "${run.projectId}") { totalCount { value } } }`,
      "query { workers { id } }",
    ])
      expect(await api.refusal(operation, {}, { as })).toMatchObject({ code: "FORBIDDEN" });
  });

  it("an experiment, its runs and their comparison; a comparison, those runs and no sibling", async () => {
    const runs = await insertTestRuns(api.database.pool, 3);
    for (const run of runs) await logEvaluation(run, 1);
    const experiment = await share({ scope: "EXPERIMENT", mode: "LIVE", experiment: runs[0]!.experimentId });
    const query =
      "{ shared { title runs { id } experiment { name runs { totalCount { value } } comparison { rows { key } } } comparison { rows { key } } } }";
    const whole = await api.ask<{ shared: Record<string, unknown> }>(
      query,
      {},
      { as: (await experiment.visit()).viewer },
    );
    expect(whole.shared).toMatchObject({
      experiment: { runs: { totalCount: { value: 3 } } },
      comparison: { rows: [{}, {}, {}] },
    });
    const [first, second] = runs as [TestRun, TestRun];
    const pair = await share({
      scope: "COMPARISON",
      mode: "LIVE",
      runs: [first.id, second.id],
      baseline: second.id,
      label: "The two",
    });
    const seen = await api.ask<{ shared: Record<string, unknown> }>(query, {}, { as: (await pair.visit()).viewer });
    expect(seen.shared).toMatchObject({
      title: "The two",
      experiment: null,
      runs: [{ id: first.id }, { id: second.id }],
    });
    expect((seen.shared.comparison as { rows: unknown[] }).rows).toHaveLength(2);
  });
});

describe("a frozen link shows the state of its moment", () => {
  it("points, evaluations, status and runs, whatever comes later", async () => {
    const [run, later] = (await insertTestRuns(api.database.pool, 2)) as [TestRun, TestRun];
    await api.database.pool.query("DELETE FROM run WHERE id = $1", [later.id]);
    await log(run, 1, [0, 1, 2]);
    for (const epoch of [1, 2]) await logEvaluation(run, epoch);
    const frozen = await share({ scope: "EXPERIMENT", mode: "FROZEN", experiment: run.experimentId });
    const live = await share({ scope: "EXPERIMENT", mode: "LIVE", experiment: run.experimentId });
    await log(run, 2, [1, 2, 3], 9);
    await logEvaluation(run, 3);
    await api.database.pool.query("UPDATE run SET status = 'FAILED', name = 'Renamed' WHERE id = $1", [run.id]);
    await api.database.pool.query(
      "INSERT INTO run (dist_key, id, project_id, experiment_id, name, status, origin) VALUES ($1, $2, $3, $4, 'Later', 'RUNNING', 'LOGGED')",
      [later.distKey, later.id, later.projectId, later.experimentId],
    );
    const query = `query($id: ID!) { run(id: $id) { name status evaluations { epoch } generalizationGap { epochs } metric(key: "train/loss") { count max }
      series(keys: ["train/loss"]) { value } experiment { runs { totalCount { value } } } } metricSeries(runs: [$id], keys: ["train/loss"]) { count } }`;
    type Seen = { run: { series: { value: string }[] } };
    const ask = async (as: ShareViewer) => {
      const { run: seen, ...rest } = await api.ask<Seen>(query, { id: run.id }, { as });
      return { ...seen, ...rest, series: [...float64ColumnFromBase64(seen.series[0]!.value)] };
    };
    expect(await ask((await frozen.visit()).viewer)).toEqual({
      name: "Test",
      status: "RUNNING",
      evaluations: [{ epoch: 1 }, { epoch: 2 }],
      generalizationGap: { epochs: [1, 2] },
      metric: { count: 3, max: 1 },
      series: [1, 1, 1],
      experiment: { runs: { totalCount: { value: 1 } } },
      metricSeries: [{ count: 3 }],
    });
    expect(await ask((await live.visit()).viewer)).toMatchObject({
      name: "Renamed",
      status: "FAILED",
      metric: { count: 4, max: 9 },
      series: [1, 9, 9, 9],
      experiment: { runs: { totalCount: { value: 2 } } },
    });
    // In the trash when the link was frozen, and restored since: made before that moment, yet no part of it.
    await api.database.pool.query("UPDATE run SET created_at = now() - interval '1 day' WHERE id = $1", [later.id]);
    expect(await ask((await frozen.visit()).viewer)).toMatchObject({
      experiment: { runs: { totalCount: { value: 1 } } },
    });
    const as = (await frozen.visit()).viewer;
    const updates = await api.follow(
      `subscription($id: ID!) { metricUpdates(runs: [$id], after: "0") { series { count } } }`,
      { id: run.id },
      as,
    );
    expect((await updates.next()).value.data.metricUpdates.series).toEqual([{ count: 3 }]);
    const more = updates.next();
    await updates.return!();
    expect((await more).done).toBe(true);
    expect(await api.refusal("query($id: ID!) { run(id: $id) { id } }", { id: later.id }, { as })).toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("a link ends", () => {
  it("at once when it is revoked: for new visitors, for open sessions, and for open sockets", async () => {
    const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    const { id, secret, visit } = await share({ scope: "RUN", mode: "LIVE", run: run.id });
    const { token, viewer } = await visit();
    let closed = 0;
    api.app.connections.add(viewer.principal, () => closed++);
    await api.ask("mutation($id: ID!) { revokeShareLink(id: $id) { revokedAt } }", { id });
    expect(closed).toBe(1);
    expect(await viewerOfShareSession(api.database.db, token)).toBeNull();
    const revoked = await api.refusal(openQuery, { input: { id, secret } }, { as: null });
    const wrong = await api.refusal(openQuery, { input: { id, secret: "x" } }, { as: null });
    const unknown = await api.refusal(openQuery, { input: { id: "lnk_unknown", secret } }, { as: null });
    expect(revoked).toMatchObject({ code: "NOT_FOUND" });
    expect(wrong).toEqual(revoked);
    expect(unknown).toEqual(revoked);
  });

  it("when its time is over, and its sessions with it", async () => {
    const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    const { id, visit } = await share({ scope: "RUN", mode: "LIVE", run: run.id, expiresInDays: 1 });
    const { token } = await visit();
    await api.database.pool.query("UPDATE share_link SET expires_at = now() WHERE id = $1", [id]);
    expect(await viewerOfShareSession(api.database.db, token)).toBeNull();
    await expect(visit()).rejects.toMatchObject({ extensions: { code: "NOT_FOUND" } });
  });

  it("and its owner sees how often it was opened, but its secret never again", async () => {
    const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    const { id, secret, visit } = await share({ scope: "RUN", mode: "LIVE", run: run.id });
    await visit();
    await visit();
    const { projects } = await api.ask<{ projects: { nodes: { id: string; shareLinks: unknown[] }[] } }>(
      "{ projects(first: 100) { nodes { id shareLinks { id views target } } } }",
    );
    const project = projects.nodes.find((node) => node.id === run.projectId)!;
    expect(project.shareLinks).toEqual([{ id, views: 2, target: { run: run.id } }]);
    const { rows } = await api.database.pool.query("SELECT * FROM share_link WHERE id = $1", [id]);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });
});
