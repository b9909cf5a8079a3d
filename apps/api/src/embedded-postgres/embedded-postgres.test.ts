import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { startEmbeddedPostgres } from "./embedded-postgres.js";
import { isAlive } from "./postmaster.js";

const dataDir = mkdtempSync(join(tmpdir(), "residual-launcher-"));
const started: { stop(): Promise<void> }[] = [];

async function start() {
  const postgres = await startEmbeddedPostgres({ dataDir });
  started.push(postgres);
  return postgres;
}

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url });
  // SIGKILL and fast shutdown reach idle clients as an error event.
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

/** Until the server is up again; the test's own time limit ends it otherwise. */
async function retry<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

afterAll(async () => {
  for (const postgres of started) await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test("a committed row survives SIGKILL: the server comes back by itself, on the same address", async () => {
  const postgres = await start();
  expect(postgres.adopted).toBe(false);
  await query(postgres.url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)");
  const { pid } = postgres;
  process.kill(pid, "SIGKILL");
  const rows = await retry(() => query(postgres.url, "SELECT n FROM kept"));
  expect(rows).toEqual([{ n: 1 }]);
  expect(postgres.pid).not.toBe(pid);
  await postgres.stop();
  expect(isAlive(postgres.pid)).toBe(false);
});

test("a killed server comes back also when one of its sessions outlives it for a while", async () => {
  const lines: string[] = [];
  const postgres = await startEmbeddedPostgres({ dataDir, log: (line) => lines.push(line) });
  started.push(postgres);
  const client = new pg.Client({ connectionString: postgres.url });
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
  // As one that is busy with a long statement: it does not notice that its server is gone, and holds the shared memory.
  process.kill(rows[0].pid, "SIGSTOP");
  process.kill(postgres.pid, "SIGKILL");
  await expect.poll(() => lines.join("\n"), { timeout: 10_000 }).toMatch(/did not start.*shared memory/s);
  process.kill(rows[0].pid, "SIGCONT");
  expect(await retry(() => query(postgres.url, "SELECT n FROM kept"))).toEqual([{ n: 1 }]);
  await postgres.stop();
}, 30_000);

test("a running server is adopted, never started twice", async () => {
  const first = await start();
  const second = await start();
  expect(second).toMatchObject({ adopted: true, pid: first.pid, url: first.url });
  await second.stop();
  expect(isAlive(first.pid)).toBe(false);
});

test("the server listens on loopback only, checks its pages, and keeps its password private", async () => {
  const { url } = await start();
  const rows = await query(
    url,
    "SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'data_checksums', 'fsync') ORDER BY name",
  );
  expect(rows.map((row) => row.setting)).toEqual(["on", "on", "127.0.0.1"]);
  expect(statSync(join(dataDir, "postgres.password")).mode & 0o077).toBe(0);
  expect(readdirSync(dataDir).filter((name) => name.includes(".init-"))).toEqual([]);
  const wrong = new URL(url);
  wrong.password = "wrong";
  await expect(query(wrong.href, "SELECT 1")).rejects.toThrow(/password/);
});
