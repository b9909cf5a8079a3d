// Claim: the first chart of a run with a million points takes the server at most 20 ms, one metric over 1,000 runs at most 120 ms and over
// 10,000 runs at most 800 ms, no spike is lost at any width, and a stored point takes 2 to 4 bytes.
// Baseline in the same run: the viewer query, which costs the HTTP round trip, authentication and GraphQL, and nothing else.
import "reflect-metadata";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { encodeMetricFrame } from "@residual/shared";
// @boundaries-ignore what is measured is no part of a package's front
import { openDatabase } from "../apps/api/dist/database.js";
// @boundaries-ignore what is measured is no part of a package's front
import { LiveEvents } from "../apps/api/dist/live/events.js";
// @boundaries-ignore what is measured is no part of a package's front
import { compactRun } from "../apps/api/dist/modules/metric/compact.js";
// @boundaries-ignore what is measured is no part of a package's front
import { MetricIngest } from "../apps/api/dist/modules/metric/ingest.js";
// @boundaries-ignore what is measured is no part of a package's front
import { readSeries } from "../apps/api/dist/modules/metric/read-series.js";
import { kinds, seeded } from "./read/kinds.mjs";
import { startServer } from "./server.mjs";
import { summary } from "./system.mjs";

const FRAME_POINTS = 4_000;
const wanted = new Set(process.argv.slice(2));
const does = (name) => wanted.size === 0 || wanted.has(name);
const system = await startServer();
const database = await openDatabase(system.databaseUrl, () => {});
const { pool } = database;
const ingest = new MetricIngest(pool, new LiveEvents(), () => {});
await system.ask('mutation { createProject(input: { slug: "bench", name: "Bench" }) { id } }');
const { createExperiment } = await system.ask(
  "mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { id } }",
  { input: { project: "bench", name: "bench" } },
);
try {
  await time("viewer (baseline)", () => system.ask("{ viewer { id } }"));
  if (does("charts")) for (const points of [100_000, 1_000_000, 10_000_000]) await measureChart(points);
  if (does("compare")) for (const count of [100, 1_000, 10_000]) await measureComparison(count);
  if (does("bytes")) await measureBytes();
} finally {
  await ingest.drained();
  await database.close();
  await system.close();
}

async function measureChart(points) {
  const [run] = await createRuns(1);
  const spikes = new Set(Array.from({ length: 30 }, (_, i) => Math.floor(((i + 0.5) * points) / 30)));
  const noise = kinds["noisy float32"](seeded(points));
  const value = (step) => (spikes.has(step) ? 1_000 : noise(step));
  const spent = await fill(run, ["train/loss"], points, [value]);
  console.log(
    `${points} points compacted: ${Math.round(points / spent)} points/s of one core (Node and Postgres wall clock)`,
  );
  for (const maxPoints of [1_000, 100]) {
    const request = { runs: [{ ...run, upTo: null }], keys: ["train/loss"], from: null, to: null, maxPoints };
    const [series] = await readSeries(pool, request);
    const seen = [...spikes].filter((spike) => series.max[series.steps.findIndex((step) => step >= spike)] === 1_000);
    console.log(`  ${maxPoints} wide: ${series.steps.length} rows, ${seen.length} of 30 spikes, count ${series.count}`);
    await time(`  read in process`, () => readSeries(pool, request));
    await time(`  over HTTP`, () => ask([run.id], maxPoints));
  }
  const half = { runs: [{ ...run, upTo: null }], keys: ["train/loss"], from: 0, to: points / 4, maxPoints: 1_000 };
  await time(`  the first quarter, in process`, () => readSeries(pool, half));
}

async function measureComparison(count) {
  const points = 1_000;
  const runs = await createRuns(count);
  const noise = kinds["noisy float32"](seeded(count));
  for (const run of runs) await fill(run, ["train/loss"], points, [noise]);
  await pool.query("VACUUM (ANALYZE) metric_tail, metric_chunk, metric_pyramid");
  for (const maxPoints of [64, 300]) {
    const request = {
      runs: runs.map((run) => ({ ...run, upTo: null })),
      keys: ["train/loss"],
      from: null,
      to: null,
      maxPoints,
    };
    await time(
      `${count} runs of ${points} points, ${maxPoints} rows each, in process`,
      () => readSeries(pool, request),
      7,
    );
    await time(
      `  over HTTP`,
      () =>
        ask(
          request.runs.map(({ id }) => id),
          maxPoints,
        ),
      7,
    );
    console.log(`  the API took ${peakMemory()} MB at most`);
  }
}

/** Until the whole answer is here; what a client then makes of it is not the server's time. */
async function ask(runs, maxPoints) {
  const query = `query($runs: [ID!]!, $maxPoints: Int!) { metricSeries(runs: $runs, keys: ["train/loss"], maxPoints: $maxPoints) { run count exact step time value min max } }`;
  const response = await fetch(`${system.origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: system.cookie },
    body: JSON.stringify({ query, variables: { runs, maxPoints } }),
  });
  const bytes = await response.arrayBuffer();
  if (response.status !== 200) throw new Error(Buffer.from(bytes).toString());
}

/** Of the API since it was started, in MB (Linux). */
function peakMemory() {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${system.apiPid()}/status`, "utf8"));
  return Math.round(kilobytes / 1024);
}

/** Bytes of all metric tables and their indexes a point, after vacuum: ten metrics logged together, and one alone. */
async function measureBytes() {
  const points = 400_000;
  const mix = Object.keys(kinds);
  // The tables' maps of free space, which the first rows bring with them, are no cost of a point.
  await fill((await createRuns(1))[0], ["first"], 100_000, [kinds.constant()]);
  for (const [name, ten] of [
    ...mix.map((kind) => [kind, Array(10).fill(kind)]),
    ["mix of all", mix],
    ["noisy float32 alone", ["noisy float32"]],
  ]) {
    const before = await tableBytes();
    const [run] = await createRuns(1);
    const values = ten.map((kind, i) => kinds[kind](seeded(i)));
    await fill(
      run,
      ten.map((_, i) => `metric/${i}`),
      points / ten.length,
      values,
    );
    await pool.query("DELETE FROM metric_receipt");
    console.log(`${name}: ${((await tableBytes()) - before) / points} bytes a point`);
  }
}

async function tableBytes() {
  const tables = [
    "metric_chunk",
    "metric_axis",
    "metric_tail",
    "metric_rollup",
    "metric_pyramid",
    "metric_series",
    "metric_stream",
  ];
  for (const table of [...tables, "metric_frame", "metric_receipt"]) await pool.query(`VACUUM ${table}`);
  const { rows } = await pool.query(
    "SELECT sum(pg_total_relation_size(name::regclass))::float8 AS bytes FROM unnest($1::text[]) AS name",
    [tables],
  );
  return rows[0].bytes;
}

async function createRuns(count) {
  const { rows } = await pool.query(
    `INSERT INTO run (dist_key, id, project_id, experiment_id, name, status, origin)
     SELECT dist_key, 'run_' || replace(gen_random_uuid()::text, '-', ''), project_id, id, 'bench', 'RUNNING', 'LOGGED'
     FROM experiment, generate_series(1, $2) WHERE id = $1 RETURNING id, dist_key AS "distKey"`,
    [createExperiment.id, count],
  );
  return rows;
}

/** Logs `steps` steps of every key in large frames, compacts them all, and returns the seconds that compaction took. */
async function fill(run, keys, steps, values) {
  const rows = Math.floor(FRAME_POINTS / keys.length);
  const random = seeded(steps);
  let clock = 1_764_000_000_000;
  for (let first = 0, seq = 1; first < steps; first += rows, seq++) {
    const some = Float64Array.from({ length: Math.min(rows, steps - first) }, (_, i) => first + i);
    const times = some.map(() => (clock += 120 + Math.round(8 * random() - 4)));
    const columns = keys.map((key, i) => ({ key, rows: null, values: some.map((step) => values[i](step)) }));
    const frame = { steps: some, times, columns };
    const bytes = encodeMetricFrame(frame);
    const digest = createHash("sha256").update(bytes).digest().subarray(0, 8);
    const points = some.length * keys.length;
    await ingest.log(run.distKey, {
      runId: run.id,
      writer: "w",
      seq,
      leaseGeneration: 0,
      frame,
      points,
      bytes,
      digest,
    });
  }
  const started = performance.now();
  while ((await compactRun(pool, run)) > 0);
  return (performance.now() - started) / 1_000;
}

async function time(name, act, repeats = 30) {
  for (let warm = 0; warm < 3; warm++) await act();
  const times = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const started = performance.now();
    await act();
    times.push(performance.now() - started);
  }
  console.log(`${name}: ${summary(times)}`);
}
