import { createHash } from "node:crypto";
import { encodeMetricFrame, type MetricFrame } from "@residual/shared";
import type { Pool } from "pg";
import { newId } from "../../ids.js";
import type { IncomingFrame } from "./store-frames.js";

export type TestRun = { id: string; distKey: number; projectId: string; experimentId: string };

/** A project, an experiment and `count` runs in it, as rows. */
export async function insertTestRuns(pool: Pool, count: number): Promise<TestRun[]> {
  const projectId = newId("prj");
  const experimentId = newId("exp");
  const { rows } = await pool.query<{ dist_key: number }>(
    "INSERT INTO project (id, slug, name) VALUES ($1, $1, 'Test') RETURNING dist_key",
    [projectId],
  );
  const distKey = rows[0]!.dist_key;
  await pool.query(
    "INSERT INTO experiment (id, dist_key, project_id, name, question, selection_metric) VALUES ($1, $2, $3, 'Test', '', 'val/accuracy')",
    [experimentId, distKey, projectId],
  );
  const runs = Array.from({ length: count }, () => ({ id: newId("run"), distKey, projectId, experimentId }));
  for (const run of runs)
    await pool.query(
      "INSERT INTO run (dist_key, id, project_id, experiment_id, name, status, origin) VALUES ($1, $2, $3, $4, 'Test', 'RUNNING', 'LOGGED')",
      [distKey, run.id, projectId, experimentId],
    );
  return runs;
}

export async function insertTestRun(pool: Pool): Promise<TestRun> {
  return (await insertTestRuns(pool, 1))[0]!;
}

/** When `testFrame` says that a step was logged: a second after the one before. */
export const testTime = (step: number): number => Date.UTC(2026, 0, 1) + 1_000 * step;

/** A frame with every key in every row. */
export function testFrame(steps: number[], values: Record<string, number[]>): MetricFrame {
  return {
    steps: Float64Array.from(steps),
    times: Float64Array.from(steps, testTime),
    columns: Object.entries(values).map(([key, column]) => ({ key, rows: null, values: Float64Array.from(column) })),
  };
}

export function incoming(
  run: { id: string },
  seq: number,
  frame: MetricFrame,
  { writer = "writer", leaseGeneration = 0 }: { writer?: string; leaseGeneration?: number } = {},
): IncomingFrame {
  const bytes = encodeMetricFrame(frame);
  const points = frame.columns.reduce((sum, column) => sum + column.values.length, 0);
  const digest = createHash("sha256").update(bytes).digest().subarray(0, 8);
  return { runId: run.id, writer, seq, leaseGeneration, frame, points, bytes, digest };
}
