import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ApiProcess } from "./api-process.fixture.js";
import type { Problem } from "./problem.js";
import { sendLeftovers } from "./send-leftovers.js";
import { finishRun, startRun } from "./start-run.js";

const root = mkdtempSync(join(tmpdir(), "residual-real-"));
const api = new ApiProcess();
let experiment: string;
beforeAll(async () => {
  await api.start();
  await api.ask('mutation { createProject(input: { slug: "scripts", name: "Scripts" }) { id } }');
  const made = await api.ask<{ createExperiment: { id: string } }>(
    'mutation { createExperiment(input: { project: "scripts", name: "Which?" }) { id } }',
  );
  experiment = made.createExperiment.id;
});
afterAll(async () => {
  await api.stop();
  rmSync(root, { recursive: true });
});

async function makeKey(): Promise<{ key: string; id: string }> {
  const { createApiKey } = await api.ask<{ createApiKey: { key: string; apiKey: { id: string } } }>(
    'mutation { createApiKey(input: { name: "script", scopes: [LOG] }) { key apiKey { id } } }',
  );
  return { key: createApiKey.key, id: createApiKey.apiKey.id };
}

async function start(key: string, name: string) {
  const problems: Problem[] = [];
  const spoolFolder = join(root, name);
  const onProblem = (problem: Problem) => void problems.push(problem);
  const logger = await startRun({ url: api.url, key, experiment, name, spoolFolder, onProblem });
  return { logger, problems, spoolFolder };
}

async function storedSteps(run: string): Promise<number> {
  const query = 'query ($run: ID!) { metricSeries(runs: [$run], keys: ["loss"], maxPoints: 10000) { count } }';
  const { metricSeries } = await api.ask<{ metricSeries: { count: number }[] }>(query, { run });
  return metricSeries[0]?.count ?? 0;
}

it("a run of a script is whole and finished though the API is killed (kill -9) in the middle of it, twice", async () => {
  const { key } = await makeKey();
  const { logger, spoolFolder } = await start(key, "killed");
  const logging = (async () => {
    for (let step = 0; step < 600; step++) {
      logger.log({ loss: 1 / (step + 1) }, step);
      await pause(5);
    }
  })();
  for (let kill = 0; kill < 2; kill++) {
    await pause(500);
    await api.kill();
    await api.start();
  }
  await logging;
  expect(await logger.close()).toMatchObject({ left: 0, lost: 0 });
  await finishRun({ url: api.url, key, run: logger.run });
  expect(await storedSteps(logger.run)).toBe(600);
  const { run } = await api.ask<{ run: { status: string; integrity: { pointsAcknowledged: number } } }>(
    "query ($id: ID!) { run(id: $id) { status integrity { pointsAcknowledged } } }",
    { id: logger.run },
  );
  expect(run).toEqual({ status: "FINISHED", integrity: { pointsAcknowledged: 600 } });
  expect(readdirSync(spoolFolder)).toEqual([]);
});

it("a key that is revoked in the middle of a run stops the sending, not the run; another key sends what waited", async () => {
  const { key, id } = await makeKey();
  const { logger, problems, spoolFolder } = await start(key, "revoked");
  logger.log({ loss: 1 }, 0);
  await logger.flush();
  await api.ask("mutation ($id: ID!) { revokeApiKey(id: $id) { id } }", { id });
  logger.log({ loss: 2 }, 1);
  await expect(logger.flush()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  logger.log({ loss: 3 }, 2);
  expect(await logger.close()).toMatchObject({ left: 2, lost: 0 });
  expect(problems.map(({ kind }) => kind)).toEqual(["refused"]);
  const access = { url: api.url, key: (await makeKey()).key };
  expect(await sendLeftovers(spoolFolder, { ...access, onProblem: () => {} })).toBe(2);
  expect(await storedSteps(logger.run)).toBe(3);
});

it("a run that was deleted stops the sending, keeps what is logged on disk and says so once", async () => {
  const { key } = await makeKey();
  const { logger, problems } = await start(key, "deleted");
  await api.ask("mutation ($ids: [ID!]!) { deleteRuns(ids: $ids) { id } }", { ids: [logger.run] });
  logger.log({ loss: 1 }, 0);
  await expect(logger.flush()).rejects.toMatchObject({ code: "NOT_FOUND" });
  logger.log({ loss: 2 }, 1);
  expect(await logger.close()).toMatchObject({ left: 2, lost: 0 });
  expect(problems.map(({ kind }) => kind)).toEqual(["refused"]);
});
