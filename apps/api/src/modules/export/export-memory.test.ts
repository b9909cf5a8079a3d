import "reflect-metadata";
import type { Pool } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newId } from "../../ids.js";
import { startTestServer, type TestServer } from "../../test-server.js";
import { compactRun } from "../metric/compact.js";
import { incoming, insertTestRun, type TestRun, testFrame } from "../metric/test-run.fixture.js";

const pointsOfRun = 500_000;
const copies = 10;

let api: TestServer;
beforeAll(async () => {
  api = await startTestServer();
});
afterAll(() => api.close());

/** The run once more, with everything that is stored of it, by the database alone. */
async function copyRun(pool: Pool, run: TestRun): Promise<void> {
  const { rows: tables } = await pool.query<{ name: string; columns: string[] }>(
    `SELECT table_name AS name, array_agg(quote_ident(column_name) ORDER BY ordinal_position) AS columns
     FROM information_schema.columns WHERE table_schema = 'public'
     GROUP BY table_name HAVING bool_or(column_name = 'dist_key') AND bool_or(column_name = 'run_id') AND table_name LIKE 'metric%'`,
  );
  const id = newId("run");
  const copy = (table: string, columns: string[], idColumn: string) =>
    pool.query(
      `INSERT INTO ${table} (${columns.join(", ")})
       SELECT ${columns.map((column) => (column === idColumn ? "$1" : column)).join(", ")} FROM ${table} WHERE dist_key = $2 AND ${idColumn} = $3`,
      [id, run.distKey, run.id],
    );
  const own = ["dist_key", "id", "project_id", "experiment_id", "name", "status", "origin"];
  await copy("run", own, "id");
  for (const { name, columns } of tables) await copy(name, columns, "run_id");
}

/** Reads an export as a client would that keeps nothing. Memory: what the process grew by while it made and read it, in MiB. */
async function drain(path: string, headers: Record<string, string>): Promise<{ bytes: number; memory: number }> {
  const before = process.memoryUsage().rss;
  const { body } = await fetch(new URL(`/export/${path}`, api.url), { headers });
  let bytes = 0;
  let peak = before;
  for await (const chunk of body!) {
    bytes += chunk.length;
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  return { bytes, memory: (peak - before) / 2 ** 20 };
}

it("5,000,000 points as Arrow, and 1,000,000 as Parquet, cost less than 120 MiB of memory", {
  timeout: 60_000,
}, async () => {
  const owner = await api.signIn();
  const { pool, metrics } = api.app;
  const run = await insertTestRun(pool);
  for (let seq = 1; seq <= pointsOfRun / 5_000; seq++) {
    const steps = Array.from({ length: 5_000 }, (_, i) => (seq - 1) * 5_000 + i);
    const loss = steps.map((step) => Math.fround(Math.sin(step) / (1 + step)));
    await metrics.ingest.log(run.distKey, incoming(run, seq, testFrame(steps, { loss })));
  }
  await compactRun(pool, run);
  for (let i = 1; i < copies; i++) await copyRun(pool, run);
  const arrow = await drain(`series.arrow?experiment=${run.experimentId}`, owner);
  // Labels, step, time and value are 36 bytes a point.
  expect(arrow.bytes).toBeGreaterThan(36 * pointsOfRun * copies);
  expect(arrow.memory).toBeLessThan(120);
  const parquet = await drain(`series.parquet?experiment=${run.experimentId}&to=${pointsOfRun / 5 - 1}`, owner);
  expect(parquet.bytes).toBeGreaterThan((2 * pointsOfRun * copies) / 5);
  expect(parquet.memory).toBeLessThan(120);
});
