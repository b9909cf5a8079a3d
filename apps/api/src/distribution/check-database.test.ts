import "reflect-metadata";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../test-database.js";
import { checkDatabase } from "./check-database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it("the embedded Postgres does all that the API asks of a database, and nothing of the check stays", async () => {
  const checks = await checkDatabase(database);
  expect(checks.map(({ name }) => name)).toEqual([
    "ingest",
    "read frames",
    "compact",
    "read chunks",
    "summaries of many runs",
    "sort runs by a metric",
    "claim jobs, each once",
    "verify",
    "delete",
  ]);
  expect(checks.filter(({ problem }) => problem !== null)).toEqual([]);
  for (const table of ["project", "run", "metric_stream", "metric_chunk", "job", "worker", "dataset"])
    expect((await database.pool.query(`SELECT FROM ${table}`)).rowCount, table).toBe(0);
});

it("tells what fails, and tries the rest", async () => {
  await database.pool.query("ALTER TABLE metric_tail RENAME TO metric_tail_away");
  const checks = await checkDatabase(database);
  await database.pool.query("ALTER TABLE metric_tail_away RENAME TO metric_tail");
  const failed = checks.filter(({ problem }) => problem !== null);
  expect(failed.map(({ name }) => name)).toContain("compact");
  expect(failed[0]!.problem).toContain("metric_tail");
  expect(checks.find(({ name }) => name === "claim jobs, each once")?.problem).toBeNull();
});
