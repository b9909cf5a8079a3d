import "reflect-metadata";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../test-database.js";
import { judgeStatements } from "./judge-statements.js";
import { tableKinds } from "./table-kinds.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function judge(text: string): Promise<string[]> {
  const client = await database.pool.connect();
  try {
    return await judgeStatements(client, [{ text, from: "" }]);
  } finally {
    client.release();
  }
}

// The judge asks for GENERIC_PLAN, which a Postgres of version 16 or later has.
const canJudge = inject("citusNodes").length === 0;

it
  .runIf(canJudge)
  .each([
    "SELECT * FROM run WHERE id = $1",
    "SELECT * FROM run WHERE project_id = $1 ORDER BY created_at LIMIT 10",
    "SELECT r.id, s.last FROM run r JOIN metric_series s ON s.dist_key = r.dist_key AND s.run_id = r.id WHERE r.id = ANY($1::text[])",
    "SELECT r.id, s.last FROM run r LEFT JOIN metric_series s ON s.dist_key = r.dist_key AND s.run_id = r.id",
    "SELECT * FROM metric_series s JOIN metric_stream m USING (run_id) WHERE s.dist_key = $1 AND m.dist_key = $1",
    "SELECT f.* FROM unnest($2::text[]) AS q(id) LEFT JOIN metric_frame f ON f.dist_key = $1 AND f.run_id = q.id",
    "SELECT * FROM metric_compaction WHERE dist_key = $1 AND run_id = $2 FOR UPDATE SKIP LOCKED",
    "SELECT * FROM job WHERE status = 'QUEUED' ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED",
    "SELECT r.*, e.name FROM run r JOIN experiment e ON e.id = r.experiment_id",
    "SELECT run.id, (SELECT s.max FROM metric_series s WHERE s.dist_key = run.dist_key AND s.run_id = run.id AND s.key = $1) FROM run",
    "SELECT run.id, (SELECT s.max FROM metric_series s WHERE s.dist_key = $2 AND s.run_id = run.id AND s.key = $1) FROM (SELECT run.* FROM run WHERE dist_key = $2 LIMIT 5) AS run",
    "SELECT run.id FROM (SELECT run.* FROM run WHERE dist_key = $1 LIMIT 5) AS run WHERE run.id IN (SELECT run_id FROM metric_series WHERE dist_key = $1)",
    "SELECT run.id, s.max FROM (SELECT run.* FROM run LIMIT 5) AS run JOIN metric_series s ON s.dist_key = run.dist_key AND s.run_id = run.id",
    "SELECT q.id, s.max FROM unnest($1::bigint[], $2::text[]) AS q(dist_key, id) JOIN metric_series s ON s.dist_key = q.dist_key AND s.run_id = q.id",
    "SELECT count(*) FROM (SELECT FROM run WHERE dist_key = $1 LIMIT 5) c",
    "SELECT t.run_id, p.coarse FROM metric_tail t LEFT JOIN metric_pyramid p ON p.dist_key = t.dist_key AND p.run_id = t.run_id AND p.key = $2 WHERE t.dist_key = $1",
    "UPDATE run SET started_at = now() WHERE dist_key = $1 AND id = $2",
    "UPDATE run SET started_at = greatest(started_at, now()), notes = coalesce($3, notes) WHERE dist_key = $1 AND id = $2",
    "UPDATE job SET priority = 1 WHERE run_id IN (SELECT id FROM run WHERE status = $1)",
    "SELECT coalesce(started_at, now()) FROM run",
    "INSERT INTO worker (id, name, host, backend, device, gigaflops, memory_bytes, threads, version, executors) VALUES ($1, $1, $1, $1, $1, 0, 0, 1, $1, $2) ON CONFLICT (host, name) DO UPDATE SET last_seen_at = excluded.last_seen_at WHERE worker.last_seen_at < now()",
    "SELECT dist_key, run_id FROM metric_stream WHERE arrivals > $1 AND (run_id IN (SELECT run_id FROM metric_frame) OR run_id = $2)",
    "WITH few AS MATERIALIZED (SELECT run_id FROM metric_series WHERE key = $1 LIMIT 10) SELECT r.* FROM run r JOIN few ON few.run_id = r.id",
    "UPDATE run SET name = $3 WHERE dist_key = $1 AND id = $2",
    "INSERT INTO metric_stream (dist_key, run_id) VALUES ($1, $2), ($1, $3) ON CONFLICT DO NOTHING RETURNING run_id",
  ])("takes what one shard, or each for itself, can answer: %s", async (sql) => {
  expect(await judge(sql)).toEqual([]);
});

it.runIf(canJudge).each([
  ["SELECT * FROM run r JOIN metric_series s ON s.run_id = r.id", "without equal dist_keys"],
  [
    "SELECT * FROM metric_series s JOIN metric_stream m USING (run_id) WHERE s.dist_key = $1 AND m.dist_key = $2",
    "without equal dist_keys",
  ],
  ["SELECT id FROM run WHERE id = ANY($1::text[]) FOR UPDATE", "locks rows"],
  ["SELECT id FROM run WHERE dist_key = ANY($1::bigint[]) FOR UPDATE", "locks rows"],
  [
    "WITH RECURSIVE up AS (SELECT id, parent_id FROM run WHERE id = $1 UNION ALL SELECT r.id, r.parent_id FROM run r JOIN up ON r.id = up.parent_id) SELECT * FROM up",
    "recursive",
  ],
  ["SELECT status, architecture, count(*) FROM run GROUP BY GROUPING SETS ((status), (architecture))", "grouping sets"],
  ["SELECT * FROM run TABLESAMPLE SYSTEM (1)", "sample"],
  ["SELECT * FROM unnest($1::text[]) AS q(id) LEFT JOIN run r ON r.id = q.id", "optional side"],
  ["UPDATE run SET name = q.name FROM unnest($1::text[], $2::text[]) AS q(id, name) WHERE run.id = q.id", "by a join"],
  [
    "INSERT INTO metric_stream (dist_key, run_id) SELECT $1, id FROM unnest($2::text[]) AS id ON CONFLICT DO NOTHING",
    "from a function",
  ],
  ["INSERT INTO metric_stream (dist_key, run_id) SELECT floor(random() * 8), 'a'", "computed dist_key"],
  [
    "SELECT run.id, (SELECT s.max FROM metric_series s WHERE s.dist_key = run.dist_key AND s.run_id = run.id AND s.key = $2) FROM (SELECT run.* FROM run WHERE dist_key = $1 LIMIT 5) AS run",
    "for each row",
  ],
  [
    "SELECT w.run_id FROM (SELECT run_id FROM metric_series WHERE dist_key = $1 LIMIT 5) w CROSS JOIN LATERAL (SELECT FROM run WHERE run.dist_key = $1 AND run.id = w.run_id AND (SELECT s.max FROM metric_series s WHERE s.dist_key = run.dist_key AND s.run_id = run.id AND s.key = $2) > 1 OFFSET 0) run",
    "for each row",
  ],
  [
    "SELECT q.id, (SELECT s.max FROM metric_series s WHERE s.dist_key = q.dist_key AND s.run_id = q.id) FROM unnest($1::bigint[], $2::text[]) AS q(dist_key, id)",
    "for each row",
  ],
  ["SELECT (SELECT count(*) FROM (SELECT FROM run LIMIT 5) c)", "selects no column"],
  [
    "SELECT t.run_id, p.coarse FROM metric_tail t LEFT JOIN metric_pyramid p ON p.dist_key = t.dist_key AND p.run_id = t.run_id AND $2 <> 'none' WHERE t.dist_key = $1",
    "only where a parameter",
  ],
  [
    "UPDATE run SET started_at = coalesce(started_at, now()) WHERE dist_key = $1 AND id = $2",
    "inside CASE or COALESCE",
  ],
  [
    "UPDATE run SET started_at = CASE WHEN $3 THEN now() END WHERE dist_key = $1 AND id = $2",
    "inside CASE or COALESCE",
  ],
  ["UPDATE api_key SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1", "inside CASE or COALESCE"],
  ["DELETE FROM run WHERE dist_key = $1 AND coalesce(started_at, now()) < $2", "inside CASE or COALESCE"],
  [
    "INSERT INTO blob (sha256, bytes) VALUES ($1, $2) ON CONFLICT (sha256) DO UPDATE SET touched_at = now()",
    "in DO UPDATE SET",
  ],
  [
    "UPDATE dataset SET path = $1 WHERE id = (SELECT dataset_id FROM run WHERE dist_key = $2 AND id = $3)",
    "of which each node has a copy",
  ],
])("refuses what a sharded Postgres refuses: %s", async (sql, fault) => {
  expect((await judge(sql)).join()).toContain(fault);
});

it("every table has its place, and the primary key of each distributed one begins with dist_key", async () => {
  const { rows } = await database.pool.query<{ name: string; first_column: string }>(
    `SELECT c.relname AS name, a.attname AS first_column
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
     LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
     WHERE c.relkind = 'r'`,
  );
  expect(rows.map((row) => row.name).filter((name) => !(name in tableKinds))).toEqual([]);
  const distributed = rows.filter((row) => tableKinds[row.name] === "distributed");
  expect(distributed.length).toBeGreaterThan(15);
  expect(distributed.filter((row) => row.first_column !== "dist_key")).toEqual([]);
});

it("no unique index of a distributed table leaves dist_key out", async () => {
  const { rows } = await database.pool.query<{ index: string; table: string }>(
    `SELECT x.relname AS index, t.relname AS "table" FROM pg_index i
     JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE n.nspname = 'public' AND i.indisunique AND NOT EXISTS (
       SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'dist_key' AND a.attnum = ANY(i.indkey))`,
  );
  expect(rows.filter((row) => tableKinds[row.table] === "distributed")).toEqual([]);
});
