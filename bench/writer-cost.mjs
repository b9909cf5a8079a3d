#!/usr/bin/env node
// What a writer costs: `node bench/writer-cost.mjs [writers=1000] [steps a flush=1] [seconds=20]`. Each writer flushes once a second ten
// metrics, to a run of its own, into the embedded Postgres with its default durability; ingest and compaction run in this process, the
// transport does not. docs/deploy/scale-out.md rests on it. Linux only: Postgres' CPU time is read from /proc.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import "reflect-metadata";
import { decodeMetricFrame, encodeMetricFrame } from "@residual/shared";
// @boundaries-ignore what is measured is no part of a package's front
import { openDatabase } from "../apps/api/dist/database.js";
// @boundaries-ignore as above
import { startEmbeddedPostgres } from "../apps/api/dist/embedded-postgres/embedded-postgres.js";
// @boundaries-ignore as above
import { LiveEvents } from "../apps/api/dist/live/events.js";
// @boundaries-ignore as above
import { MetricPath } from "../apps/api/dist/modules/metric/metric-path.js";

const [writers = 1_000, stepsOfFlush = 1, seconds = 20] = process.argv.slice(2).map(Number);
const metricsOfStep = 10;
const ticksOfSecond = 100;

const dataDir = mkdtempSync(path.join(tmpdir(), "residual-cost-"));
const postgres = await startEmbeddedPostgres({ dataDir });
const database = await openDatabase(postgres.url, console.log);
try {
  await measure();
} finally {
  await database.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true });
}

async function measure() {
  const { pool } = database;
  const distKey = await makeRuns(pool);
  const metrics = new MetricPath(pool, new LiveEvents(), console.log);
  const before = await standOf(pool);
  const start = performance.now();
  const delays = [];
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(metrics, distKey, writer, start, delays)));
  const during = await standOf(pool);
  const elapsed = (performance.now() - start) / 1_000;
  await metrics.compactResting(0);
  await metrics.compacted();
  await metrics.close();
  await pool.query("VACUUM");
  const after = await standOf(pool);
  const frames = delays.length;
  const points = frames * stepsOfFlush * metricsOfStep;
  delays.sort((a, b) => a - b);
  const each = (value, of) => (value / of).toFixed(2);
  console.log(`${writers} writers, a flush of ${stepsOfFlush} × ${metricsOfStep} a second each, ${seconds} s`);
  console.log(
    `  ${(frames / elapsed).toFixed(0)} flushes/s, ${(points / elapsed).toFixed(0)} points/s, acknowledged after p50 ${delays[frames >> 1].toFixed(1)} ms, p99 ${delays[Math.floor(frames * 0.99)].toFixed(1)} ms`,
  );
  console.log(
    `  API process    ${each(after.node - before.node, frames / 1e6)} µs of CPU a flush, ${each((during.node - before.node) / elapsed, writers / 1_000)} cores a thousand writers`,
  );
  console.log(
    `  Postgres       ${each(after.postgres - before.postgres, frames / 1e6)} µs of CPU a flush, ${each((during.postgres - before.postgres) / elapsed, writers / 1_000)} cores a thousand writers`,
  );
  console.log(
    `  WAL            ${each(after.wal - before.wal, frames)} bytes a flush, ${each(after.wal - before.wal, points)} a point`,
  );
  console.log(`  stored         ${each(after.bytes - before.bytes, points)} bytes a point, compacted, with indexes`);
  console.log(`  memory         ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB of this process`);
}

async function makeRuns(pool) {
  const { rows } = await pool.query("INSERT INTO project (id, slug, name) VALUES ('p', 'p', 'p') RETURNING dist_key");
  const distKey = rows[0].dist_key;
  await pool.query(
    "INSERT INTO experiment (id, dist_key, project_id, name, question, selection_metric) VALUES ('e', $1, 'p', 'e', '', 'm')",
    [distKey],
  );
  await pool.query(
    `INSERT INTO run (dist_key, id, project_id, experiment_id, name, status, origin)
     SELECT $1, 'run_' || i, 'p', 'e', 'r', 'RUNNING', 'LOGGED' FROM generate_series(0, $2::int - 1) AS i`,
    [distKey, writers],
  );
  return distKey;
}

/** Once a second, each writer at another moment of it. */
async function write(metrics, distKey, writer, start, delays) {
  const offset = (1_000 * writer) / writers;
  for (let seq = 1; seq <= seconds; seq++) {
    await delay(Math.max(0, start + offset + 1_000 * (seq - 1) - performance.now()));
    const bytes = encodeMetricFrame(frameOf(writer, seq));
    const sent = performance.now();
    const frame = decodeMetricFrame(bytes);
    const digest = createHash("sha256").update(bytes).digest().subarray(0, 8);
    const item = { runId: `run_${writer}`, writer: "w", seq, leaseGeneration: 0 };
    await metrics.ingest.log(distKey, { ...item, frame, points: stepsOfFlush * metricsOfStep, bytes, digest });
    delays.push(performance.now() - sent);
  }
}

function frameOf(writer, seq) {
  const steps = Float64Array.from({ length: stepsOfFlush }, (_, i) => (seq - 1) * stepsOfFlush + i);
  return {
    steps,
    times: steps.map((step) => Date.UTC(2026, 10, 1) + step * 20),
    columns: Array.from({ length: metricsOfStep }, (_, k) => ({
      key: `train/metric_${k}`,
      rows: null,
      values: steps.map((step) => Math.fround(Math.exp(-step / 2e4) + 0.05 * Math.sin(step * 12.9898 + k + writer))),
    })),
  };
}

/** CPU seconds, bytes of log and bytes stored so far. */
async function standOf(pool) {
  const { rows } = await pool.query(
    "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS wal, pg_database_size(current_database()) AS bytes",
  );
  const { user, system } = process.cpuUsage();
  return {
    wal: Number(rows[0].wal),
    bytes: Number(rows[0].bytes),
    node: (user + system) / 1e6,
    postgres: postgresSeconds(),
  };
}

/** Of the server and its sessions; a session that has ended counts in the server's own children. */
function postgresSeconds() {
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      // Behind the name in brackets: state, parent, …; 12 to 15 are user, system, and those of ended children.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
      const isServer = Number(pid) === postgres.pid;
      if (isServer || Number(fields[1]) === postgres.pid)
        ticks += fields.slice(11, isServer ? 15 : 13).reduce((sum, value) => sum + Number(value), 0);
    } catch {
      // It has just ended.
    }
  }
  return ticks / ticksOfSecond;
}
