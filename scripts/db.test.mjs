import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const api = path.join(root, "apps", "api");

let folder;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "residual-db-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(script, databaseUrl, ...args) {
  const env = { ...process.env, RESIDUAL_DATA: folder, DATABASE_URL: databaseUrl };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...args], { env });
    return { code: 0, stdout, stderr };
  } catch ({ code, stdout, stderr }) {
    return { code, stdout, stderr };
  }
}

test("a database is checked, verified, found damaged and refused to be distributed from the command line", {
  timeout: 180_000,
}, async () => {
  // Builds what is needed, and starts and stops the embedded database.
  const checked = await run(path.join(root, "scripts/db.mjs"), "", "check");
  expect(checked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok {5}ingest/m) });
  expect(checked.stdout).not.toContain("FAILED");

  const { startEmbeddedPostgres } = await import(
    pathToFileURL(path.join(api, "dist/embedded-postgres/embedded-postgres.js")).href
  );
  const postgres = await startEmbeddedPostgres({ dataDir: folder });
  const db = (...args) => run(path.join(api, "dist/db-command/main.js"), postgres.url, ...args);
  try {
    expect(await db("verify")).toMatchObject({
      code: 0,
      stdout: "0 runs with 0 points: nothing is damaged\n0 files with 0 bytes: nothing is damaged\n",
    });
    await addDamagedRun(postgres.url);
    const { code, stdout } = await db("verify", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      runs: 1,
      damages: [{ run: "run_1", what: "the count of points", problem: "5 were acknowledged, and 0 are stored" }],
    });
    const backup = path.join(folder, "backup");
    expect(await db("backup", backup)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ rows of/) });
    expect(await db("restore", backup)).toMatchObject({ code: 1, stderr: expect.stringContaining("holds runs") });
    expect(await db("restore")).toMatchObject({ code: 2, stderr: expect.stringContaining("Name the folder") });
    expect(await db("distribute")).toMatchObject({ code: 1, stderr: expect.stringContaining("has no Citus") });
    expect(await db("repair")).toMatchObject({ code: 2, stderr: expect.stringContaining("There is no command") });
  } finally {
    await postgres.stop();
  }
});

async function addDamagedRun(connectionString) {
  const { Client } = createRequire(path.join(api, "package.json"))("pg");
  const client = new Client({ connectionString });
  await client.connect();
  await client.query(`
    INSERT INTO project (id, slug, name) VALUES ('prj_1', 'p', 'p');
    INSERT INTO experiment (id, dist_key, project_id, name, question, selection_metric)
      SELECT 'exp_1', dist_key, id, 'e', '', 'm' FROM project;
    INSERT INTO run (dist_key, id, project_id, experiment_id, name, status, origin)
      SELECT dist_key, 'run_1', project_id, id, 'r', 'RUNNING', 'LOGGED' FROM experiment;
    INSERT INTO metric_stream (dist_key, run_id, points_acknowledged) SELECT dist_key, id, 5 FROM run`);
  await client.end();
}
