import { createHash } from "node:crypto";
import { encodeMetricFrame, type MetricFrame } from "@residual/shared";
import { createApp } from "../app.js";
import type { App } from "../context.js";
import type { Database } from "../database.js";
import { readEnv } from "../env.js";
import { newId } from "../ids.js";
import { claimJob } from "../modules/job/claim-job.js";
import { compactRun } from "../modules/metric/compact.js";
import { readSeries } from "../modules/metric/read-series.js";
import { readSummaries } from "../modules/metric/read-summaries.js";
import { transaction } from "../transaction.js";
import type { Damage } from "../verify/damage.js";
import { verifyRun } from "../verify/verify-run.js";

/** One thing that was tried. */
export type Check = { readonly name: string; readonly milliseconds: number; readonly problem: string | null };

type Scratch = {
  readonly projectId: string;
  readonly experimentId: string;
  readonly datasetId: string;
  readonly workerId: string;
  readonly distKey: number;
  readonly runIds: readonly string[];
};

const framesOfRun = 40;
const stepsOfFrame = 100;
const key = "train/loss";

/**
 * Tries on a real database what the API does with one: ingest, compaction, reads of one and of many runs, summaries, job claims, and the
 * verification of what came of it. Works in a project of its own, which it deletes. What fails is told; the rest is tried all the same.
 */
export async function checkDatabase(database: Database): Promise<Check[]> {
  const { app, close } = await createApp(readEnv({ PORT: "0" }), database, () => {});
  const checks: Check[] = [];
  const attempt = async (name: string, work: () => Promise<string | null>) => {
    const start = performance.now();
    const problem = await work().catch((error: Error) => error.message);
    checks.push({ name, milliseconds: performance.now() - start, problem });
  };
  const scratch = await makeScratch(app);
  try {
    await attempt("ingest", () => checkIngest(app, scratch));
    await attempt("read frames", () => checkRead(app, scratch));
    await attempt("compact", () => checkCompaction(app, scratch));
    await attempt("read chunks", () => checkRead(app, scratch));
    await attempt("summaries of many runs", () => checkSummaries(app, scratch));
    await attempt("sort runs by a metric", () => checkSort(app, scratch));
    await attempt("claim jobs, each once", () => checkClaims(app, scratch));
    await attempt("verify", () => checkVerification(app, scratch));
  } finally {
    await app.metrics.compacted();
    await attempt("delete", () => removeScratch(app, scratch));
    await close();
  }
  return checks;
}

async function makeScratch({ pool }: App): Promise<Scratch> {
  const [projectId, experimentId, datasetId, workerId] = [newId("prj"), newId("exp"), newId("dst"), newId("wrk")];
  const runIds = Array.from({ length: 4 }, () => newId("run"));
  const slug = `check-${projectId.slice(-8)}`;
  const { rows } = await pool.query<{ dist_key: number }>(
    "INSERT INTO project (id, slug, name) VALUES ($1, $2, 'Database check') RETURNING dist_key",
    [projectId, slug],
  );
  const distKey = rows[0]!.dist_key;
  await pool.query(
    "INSERT INTO experiment (id, dist_key, project_id, name, question, selection_metric) VALUES ($1, $2, $3, 'Check', '', 'val/accuracy')",
    [experimentId, distKey, projectId],
  );
  await pool.query(
    `INSERT INTO dataset (id, dist_key, project_id, name, path, status, val_fraction, test_fraction, split_seed)
     VALUES ($1, $2, $3, 'check', '/nowhere', 'READY', 0.1, 0.1, 0)`,
    [datasetId, distKey, projectId],
  );
  for (const runId of runIds)
    await pool.query(
      `INSERT INTO run (dist_key, id, project_id, experiment_id, dataset_id, name, status, origin)
       VALUES ($1, $2, $3, $4, $5, 'check', 'RUNNING', 'LOGGED')`,
      [distKey, runId, projectId, experimentId, datasetId],
    );
  await pool.query(
    `INSERT INTO worker (id, name, host, backend, device, gigaflops, memory_bytes, threads, version, executors)
     VALUES ($1, $1, $1, 'none', 'none', 0, 0, 1, '0', '[]')`,
    [workerId],
  );
  return { projectId, experimentId, datasetId, workerId, distKey, runIds };
}

function frameOf(seq: number): MetricFrame {
  const steps = Float64Array.from({ length: stepsOfFrame }, (_, i) => (seq - 1) * stepsOfFrame + i);
  return {
    steps,
    times: steps.map((step) => 1_000 * step),
    columns: [{ key, rows: null, values: steps.map(Math.sin) }],
  };
}

async function checkIngest({ metrics }: App, { distKey, runIds }: Scratch): Promise<string | null> {
  for (let seq = 1; seq <= framesOfRun; seq++) {
    const frame = frameOf(seq);
    const bytes = encodeMetricFrame(frame);
    const digest = createHash("sha256").update(bytes).digest().subarray(0, 8);
    const item = { writer: "check", seq, leaseGeneration: 0, frame, points: stepsOfFrame, bytes, digest };
    await Promise.all(runIds.map((runId) => metrics.ingest.log(distKey, { ...item, runId })));
    // The same once more must be taken for what it is.
    const again = await metrics.ingest.log(distKey, { ...item, runId: runIds[0]! });
    if (!again.duplicate) return `frame ${seq} was stored twice`;
  }
  await metrics.ingest.summariesWritten();
  return null;
}

async function checkRead({ pool }: App, { distKey, runIds }: Scratch): Promise<string | null> {
  const runs = runIds.map((id) => ({ id, distKey, upTo: null }));
  const series = await readSeries(pool, { runs, keys: [key], from: null, to: null, maxPoints: null });
  const expected = framesOfRun * stepsOfFrame;
  const wrong = series.find(
    ({ values }) => values.length !== expected || values.some((value, i) => value !== Math.sin(i)),
  );
  if (wrong) return `run ${wrong.runId} reads ${wrong.count} points, and not the ${expected} that were logged`;
  return series.length === runs.length ? null : `${series.length} of ${runs.length} runs have a series`;
}

async function checkCompaction({ pool }: App, { distKey, runIds }: Scratch): Promise<string | null> {
  await Promise.all(runIds.map((id) => compactRun(pool, { id, distKey })));
  const { rows } = await pool.query<{ frames: number }>(
    "SELECT count(*) AS frames FROM metric_frame WHERE dist_key = $1 AND run_id = ANY($2)",
    [distKey, runIds],
  );
  return rows[0]!.frames === 0 ? null : `${rows[0]!.frames} frames were left`;
}

async function checkSummaries({ pool }: App, { distKey, runIds }: Scratch): Promise<string | null> {
  const summaries = await readSummaries(
    pool,
    runIds.map((id) => ({ id, distKey, upTo: null })),
    [key],
  );
  const last = Math.sin(framesOfRun * stepsOfFrame - 1);
  return summaries.length === runIds.length && summaries.every((summary) => summary.last === last)
    ? null
    : "the summaries are not those of the points";
}

async function checkSort({ pool }: App, { projectId, runIds }: Scratch): Promise<string | null> {
  const { rows } = await pool.query(
    `SELECT r.id, s.last FROM run r JOIN metric_series s ON s.dist_key = r.dist_key AND s.run_id = r.id
     WHERE r.project_id = $1 AND s.key = $2 ORDER BY s.last, r.id LIMIT 10`,
    [projectId, key],
  );
  return rows.length === runIds.length ? null : `${rows.length} of ${runIds.length} runs were found`;
}

/** Claims go by urgency over all projects: those of the check are more urgent than any. */
async function checkClaims(
  { pool }: App,
  { projectId, datasetId, workerId, distKey, runIds }: Scratch,
): Promise<string | null> {
  const jobs = runIds.map((runId) => ({ id: newId("job"), runId }));
  for (const job of jobs)
    await pool.query(
      `INSERT INTO job (id, dist_key, project_id, run_id, dataset_id, kind, status, priority)
       VALUES ($1, $2, $3, $4, $5, 'TRAIN_RUN', 'QUEUED', 2147483647)`,
      [job.id, distKey, projectId, job.runId, datasetId],
    );
  const claims = await Promise.all(jobs.map(() => claimJob(pool, workerId, ["TRAIN_RUN"])));
  const claimed = new Set(claims.flatMap((claim) => claim?.jobId ?? []));
  return jobs.every((job) => claimed.has(job.id)) ? null : `${claimed.size} of ${jobs.length} jobs were claimed`;
}

async function checkVerification({ pool }: App, { distKey, runIds }: Scratch): Promise<string | null> {
  return transaction(pool, async (client) => {
    const damages: Damage[] = [];
    for (const id of runIds) await verifyRun(client, { id, distKey, upTo: null }, damages);
    return damages.length === 0 ? null : JSON.stringify(damages[0]);
  });
}

async function removeScratch(
  { pool }: App,
  { projectId, experimentId, workerId, distKey, runIds }: Scratch,
): Promise<null> {
  await pool.query("DELETE FROM job WHERE project_id = $1", [projectId]);
  await pool.query("DELETE FROM run WHERE dist_key = $1 AND id = ANY($2)", [distKey, runIds]);
  await pool.query("DELETE FROM dataset WHERE project_id = $1", [projectId]);
  await pool.query("DELETE FROM experiment WHERE id = $1", [experimentId]);
  await pool.query("DELETE FROM project WHERE id = $1", [projectId]);
  await pool.query("DELETE FROM worker WHERE id = $1", [workerId]);
  return null;
}
