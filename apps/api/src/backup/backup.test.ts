import "reflect-metadata";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../app.js";
import type { App } from "../context.js";
import { migrateTo, migrationNames } from "../database.js";
import { readEnv } from "../env.js";
import { incoming, insertTestRuns, testFrame } from "../modules/metric/test-run.fixture.js";
import { openTestDatabase, type TestDatabase } from "../test-database.js";
import { seed } from "../test-seed.js";
import { verifyDatabase } from "../verify/verify-database.js";
import { backUp } from "./back-up.js";
import { manifestFile, readManifest } from "./manifest.js";
import { restore } from "./restore.js";

let folder: string;
let source: TestDatabase;
let app: App;
let closeApp: () => Promise<void>;
const opened: TestDatabase[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-backup-"));
  source = await open();
  ({ app, close: closeApp } = await createApp(readEnv({ PORT: "0" }), source, () => {}));
});
afterAll(async () => {
  await closeApp();
  for (const database of opened) await database.close();
  await rm(folder, { recursive: true });
});

async function open(): Promise<TestDatabase> {
  const database = await openTestDatabase();
  opened.push(database);
  return database;
}

/** Every row of every table as text. */
async function contentOf({ pool }: TestDatabase): Promise<Record<string, string[]>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
  );
  const content: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t ORDER BY 1`);
    content[name] = rows.map(({ row }) => row);
  }
  return content;
}

describe("a backup", () => {
  it("taken while runs log is restored as it was at one moment: no row differs, and nothing is damaged", async () => {
    await seed(source);
    const runs = await insertTestRuns(source.pool, 3);
    const log = (seq: number) =>
      Promise.all(
        runs.map((run) =>
          app.metrics.ingest.log(run.distKey, incoming(run, seq, testFrame([seq], { "train/loss": [1 / seq] }))),
        ),
      );
    await log(1);
    let isTaken = false;
    let seq = 1;
    const logging = (async () => {
      while (!isTaken) await log(++seq);
    })();
    const target = join(folder, "live");
    await backUp(source.url, target);
    isTaken = true;
    await logging;
    await app.metrics.ingest.summariesWritten();
    await app.metrics.compacted();

    const restored = await open();
    await restore(restored.url, target);
    const { points, damages, runs: count } = await verifyDatabase(restored.pool, () => {});
    expect(damages).toEqual([]);
    expect(count).toBe(3);
    expect(points).toBeGreaterThanOrEqual(3);
    expect(points).toBeLessThanOrEqual(3 * seq);

    const [before, after] = [join(folder, "quiet"), await open()];
    await backUp(source.url, before);
    await restore(after.url, before);
    const { session: _ended, share_session: _shared, migrations: _steps, ...rows } = await contentOf(source);
    expect(await contentOf(after)).toMatchObject(rows);
  });

  it("goes on counting where it stopped, and knows nobody who was signed in", async () => {
    const restored = await open();
    await source.pool.query(
      "INSERT INTO session (id, user_id, token_hash, user_agent, expires_at) SELECT 'ses_1', id, 'x', '', now() + interval '1 day' FROM app_user LIMIT 1",
    );
    await backUp(source.url, join(folder, "counting"));
    await restore(restored.url, join(folder, "counting"));
    expect((await restored.pool.query("SELECT 1 FROM session")).rowCount).toBe(0);
    const nextKey = async ({ pool }: TestDatabase) => {
      const { rows } = await pool.query<{ dist_key: number }>(
        "INSERT INTO project (id, slug, name) VALUES ('prj_next', 'next', 'Next') RETURNING dist_key",
      );
      return rows[0]!.dist_key;
    };
    expect(await nextKey(restored)).toBe(await nextKey(source));
    await expect(restored.pool.query("DELETE FROM audit_event")).rejects.toThrow("only ever added to");
  });

  it("of an older version is moved forward", async () => {
    const older = await open();
    await older.pool.query("DROP SCHEMA public CASCADE");
    await older.pool.query("CREATE SCHEMA public");
    const previous = migrationNames.at(-2)!;
    await migrateTo(older.url, previous, () => {});
    await older.pool.query("INSERT INTO project (id, slug, name) VALUES ('prj_old', 'old', 'Old')");
    await backUp(older.url, join(folder, "older"));
    expect((await readManifest(join(folder, "older"))).migration).toBe(previous);
    const restored = await open();
    await restore(restored.url, join(folder, "older"));
    const { rows } = await restored.pool.query("SELECT name FROM migrations ORDER BY timestamp DESC LIMIT 1");
    expect(rows).toEqual([{ name: migrationNames.at(-1) }]);
    expect((await restored.pool.query("SELECT 1 FROM project WHERE id = 'prj_old'")).rowCount).toBe(1);
  });

  it("is for the eyes of whoever took it alone, and goes into a new folder", async () => {
    const target = join(folder, "private");
    await backUp(source.url, target);
    expect((await stat(target)).mode & 0o077).toBe(0);
    expect((await stat(join(target, "api_key.copy.gz"))).mode & 0o077).toBe(0);
    await expect(backUp(source.url, target)).rejects.toThrow("is not empty");
  });
});

describe("what cannot be restored changes nothing", () => {
  let target: string;
  let empty: TestDatabase;
  beforeAll(async () => {
    target = join(folder, "wrong");
    await backUp(source.url, target);
    empty = await open();
  });

  const unchanged = async (attempt: () => Promise<unknown>, reason: RegExp) => {
    const before = await contentOf(empty);
    await expect(attempt()).rejects.toThrow(reason);
    expect(await contentOf(empty)).toEqual(before);
  };

  it("a file with a wrong byte, or none", async () => {
    const path = join(target, "run.copy.gz");
    const bytes = await readFile(path);
    const wrong = Buffer.from(bytes);
    wrong[wrong.length >> 1]! ^= 1;
    await writeFile(path, wrong);
    await unchanged(() => restore(empty.url, target), /run\.copy\.gz is damaged/);
    await rm(path);
    await unchanged(() => restore(empty.url, target), /lacks the table run/);
    await writeFile(path, bytes);
  });

  it("a backup that did not end, of a newer version, or of something else", async () => {
    const path = join(target, manifestFile);
    const manifest = JSON.parse(await readFile(path, "utf8"));
    const restoreWith = async (text: string) => {
      await writeFile(path, text);
      return restore(empty.url, target);
    };
    await unchanged(() => restoreWith(JSON.stringify({ ...manifest, migration: "Future1999" })), /newer version/);
    await unchanged(() => restoreWith(JSON.stringify({ ...manifest, tables: "all" })), /no manifest of a backup/);
    await rm(path);
    await unchanged(() => restore(empty.url, target), /no finished backup/);
    await writeFile(path, JSON.stringify(manifest));
  });

  it("a file whose rows are not those that the manifest counts", async () => {
    const path = join(target, manifestFile);
    const manifest = JSON.parse(await readFile(path, "utf8"));
    const [first, ...others] = manifest.tables;
    await writeFile(path, JSON.stringify({ ...manifest, tables: [{ ...first, rows: first.rows + 1 }, ...others] }));
    await expect(restore(empty.url, target)).rejects.toThrow(/rows in its file/);
    const client = new pg.Client({ connectionString: empty.url });
    await client.connect();
    expect((await client.query("SELECT 1 FROM run")).rowCount).toBe(0);
    await client.end();
    await writeFile(path, JSON.stringify(manifest));
  });

  it("into a database that holds somebody's work", async () => {
    const before = await contentOf(source);
    await expect(restore(source.url, target)).rejects.toThrow(/holds runs.*another RESIDUAL_DATA/s);
    expect(await contentOf(source)).toEqual(before);
  });
});
