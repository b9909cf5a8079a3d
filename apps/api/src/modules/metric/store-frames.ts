import type { MetricFrame } from "@residual/shared";
import type { ClientBase } from "pg";
import { AppError } from "../../errors.js";
import { findReceipts } from "./receipts.js";
import { addPoints, emptySummary, type SeriesSummary } from "./series-summary.js";
import { type SummaryDelta, storeSummaries } from "./store-summaries.js";

/** A frame on its way into the database, checked by its own measure but not yet against the run. */
export type IncomingFrame = {
  runId: string;
  writer: string;
  seq: number;
  leaseGeneration: number;
  frame: MetricFrame;
  points: number;
  bytes: Uint8Array;
  digest: Buffer;
};

export type Receipt = { writer: string; ackedSeq: number; points: number; duplicate: boolean };
export type StoredFrame = { runId: string; arrival: number };
export type Outcome = { receipt: Receipt } | { error: AppError };

type RunRow = { id: string; lease_generation: number; trashed: boolean };
type Accepted = { item: IncomingFrame; arrival: number };

/**
 * Stores frames of runs that share `distKey`, within the caller's transaction: all statements are for many frames at once. Outcome i belongs
 * to frame i; a refused frame does not hinder the others. The run's row is held FOR SHARE, and a claim updates it, so that no frame of an
 * older lease generation can be committed after a newer one was given out.
 */
export async function storeFrames(
  client: ClientBase,
  distKey: number,
  items: IncomingFrame[],
): Promise<{ outcomes: Outcome[]; stored: StoredFrame[] }> {
  const runIds = [...new Set(items.map((item) => item.runId))].sort();
  const runs = await lockRuns(client, distKey, runIds);
  const arrivals = await lockStreams(client, distKey, [...runs.keys()]);
  const acked = await readWatermarks(client, distKey, items);
  const outcomes = new Map<IncomingFrame, Outcome>();
  const accepted: Accepted[] = [];
  const repeated: IncomingFrame[] = [];
  const writers = new Map<string, IncomingFrame>();
  const acceptedHere = new Map<string, IncomingFrame>();
  // In order of seq, so that a writer's requests that overtook each other on the way here are not taken for a gap.
  for (const item of [...items].sort((a, b) => a.seq - b.seq)) {
    const refusal = refuse(item, runs.get(item.runId));
    if (refusal) {
      outcomes.set(item, { error: refusal });
      continue;
    }
    const watermark = acked.get(writerKey(item)) ?? 0;
    if (item.seq > watermark + 1) {
      outcomes.set(item, { error: gap(item, watermark + 1) });
    } else if (item.seq === watermark + 1) {
      const arrival = arrivals.get(item.runId)! + 1;
      arrivals.set(item.runId, arrival);
      acked.set(writerKey(item), item.seq);
      writers.set(writerKey(item), item);
      acceptedHere.set(`${writerKey(item)}\n${item.seq}`, item);
      accepted.push({ item, arrival });
      outcomes.set(item, {
        receipt: { writer: item.writer, ackedSeq: item.seq, points: item.points, duplicate: false },
      });
    } else {
      const twin = acceptedHere.get(`${writerKey(item)}\n${item.seq}`);
      if (twin) outcomes.set(item, judgeRepeat(item, twin.digest, watermark));
      else repeated.push(item);
    }
  }
  if (repeated.length > 0) {
    const receipts = await findReceipts(client, distKey, repeated);
    for (const [i, item] of repeated.entries())
      outcomes.set(item, judgeRepeat(item, receipts[i]!, acked.get(writerKey(item))!));
  }
  const duplicates = items.filter((item) => {
    const outcome = outcomes.get(item)!;
    return "receipt" in outcome && outcome.receipt.duplicate;
  });
  if (accepted.length > 0) {
    await insertFrames(client, distKey, accepted);
    await moveWatermarks(client, distKey, [...writers.values()]);
    await storeSummaries(client, distKey, summarise(accepted));
  }
  if (accepted.length + duplicates.length > 0) await moveStreams(client, distKey, accepted, duplicates);
  return {
    outcomes: items.map((item) => outcomes.get(item)!),
    stored: accepted.map(({ item, arrival }) => ({ runId: item.runId, arrival })),
  };
}

const writerKey = (item: { runId: string; writer: string }): string => `${item.runId}\n${item.writer}`;

function refuse(item: IncomingFrame, run: RunRow | undefined): AppError | null {
  if (!run || run.trashed) return new AppError("NOT_FOUND", `There is no run ${item.runId}.`);
  if (item.leaseGeneration === run.lease_generation) return null;
  return new AppError(
    "FENCED",
    `Run ${item.runId} is held under lease generation ${run.lease_generation}; this frame is of generation ${item.leaseGeneration}. Stop: another worker has taken over.`,
    { leaseGeneration: run.lease_generation },
  );
}

function gap(item: IncomingFrame, expected: number): AppError {
  return new AppError(
    "SEQ_GAP",
    `Writer ${item.writer} sent seq ${item.seq}, but ${expected} comes next. Send ${expected} first.`,
    { field: "seq", expected },
  );
}

function judgeRepeat(item: IncomingFrame, stored: Buffer, ackedSeq: number): Outcome {
  if (stored.equals(item.digest))
    return { receipt: { writer: item.writer, ackedSeq, points: item.points, duplicate: true } };
  const message = `Writer ${item.writer} sent seq ${item.seq} before, with other content. Nothing was stored; give each process its own writer name.`;
  return { error: new AppError("CONFLICT", message, { field: "seq" }) };
}

async function lockRuns(client: ClientBase, distKey: number, runIds: string[]): Promise<Map<string, RunRow>> {
  const { rows } = await client.query<RunRow>({
    name: "metric-lock-runs",
    text: `SELECT id, lease_generation, trashed_at IS NOT NULL AS trashed
           FROM run WHERE dist_key = $1 AND id = ANY($2) ORDER BY id FOR SHARE`,
    values: [distKey, runIds],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Locks the runs' streams, so that arrivals are numbered without a hole in the order of commits; makes those that are missing. */
async function lockStreams(client: ClientBase, distKey: number, runIds: string[]): Promise<Map<string, number>> {
  const select = {
    name: "metric-lock-streams",
    text: `SELECT run_id, arrivals FROM metric_stream WHERE dist_key = $1 AND run_id = ANY($2) ORDER BY run_id FOR UPDATE`,
    values: [distKey, runIds],
  };
  let { rows } = await client.query<{ run_id: string; arrivals: number }>(select);
  if (rows.length < runIds.length) {
    await client.query(
      `INSERT INTO metric_stream (dist_key, run_id) SELECT $1, r FROM unnest($2::text[]) AS r ORDER BY r ON CONFLICT DO NOTHING`,
      [distKey, runIds],
    );
    ({ rows } = await client.query<{ run_id: string; arrivals: number }>(select));
  }
  return new Map(rows.map((row) => [row.run_id, row.arrivals]));
}

async function readWatermarks(
  client: ClientBase,
  distKey: number,
  items: IncomingFrame[],
): Promise<Map<string, number>> {
  const { rows } = await client.query<{ run_id: string; writer: string; last_seq: number }>({
    name: "metric-watermarks",
    text: `SELECT run_id, writer, last_seq FROM run_writer
           WHERE dist_key = $1 AND (run_id, writer) IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
    values: [distKey, items.map((item) => item.runId), items.map((item) => item.writer)],
  });
  return new Map(rows.map((row) => [writerKey({ runId: row.run_id, writer: row.writer }), row.last_seq]));
}

async function insertFrames(client: ClientBase, distKey: number, accepted: Accepted[]): Promise<void> {
  const items = accepted.map(({ item }) => item);
  await client.query({
    name: "metric-insert-frames",
    text: `INSERT INTO metric_frame (dist_key, run_id, arrival, writer, seq, lease_generation, points, digest, frame)
           SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::int[], $7::int[], $8::bytea[], $9::bytea[])`,
    values: [
      distKey,
      items.map((item) => item.runId),
      accepted.map(({ arrival }) => arrival),
      items.map((item) => item.writer),
      items.map((item) => item.seq),
      items.map((item) => item.leaseGeneration),
      items.map((item) => item.points),
      items.map((item) => item.digest),
      items.map((item) => item.bytes),
    ],
  });
}

/** `items`: the last accepted frame of each writer. */
async function moveWatermarks(client: ClientBase, distKey: number, items: IncomingFrame[]): Promise<void> {
  await client.query({
    name: "metric-move-watermarks",
    text: `INSERT INTO run_writer (dist_key, run_id, writer, last_seq)
           SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[])
           ON CONFLICT (dist_key, run_id, writer) DO UPDATE SET last_seq = excluded.last_seq`,
    values: [distKey, items.map((item) => item.runId), items.map((item) => item.writer), items.map((item) => item.seq)],
  });
}

async function moveStreams(
  client: ClientBase,
  distKey: number,
  accepted: Accepted[],
  duplicates: IncomingFrame[],
): Promise<void> {
  const changes = new Map<string, { frames: number; points: number; duplicated: number }>();
  const change = (runId: string) => {
    const found = changes.get(runId) ?? { frames: 0, points: 0, duplicated: 0 };
    changes.set(runId, found);
    return found;
  };
  for (const { item } of accepted) {
    change(item.runId).frames++;
    change(item.runId).points += item.points;
  }
  for (const item of duplicates) change(item.runId).duplicated++;
  await client.query({
    name: "metric-move-streams",
    text: `UPDATE metric_stream AS s
           SET arrivals = s.arrivals + c.frames, points_acknowledged = s.points_acknowledged + c.points,
               frames_duplicated = s.frames_duplicated + c.duplicated
           FROM unnest($2::text[], $3::int[], $4::int[], $5::int[]) AS c(run_id, frames, points, duplicated)
           WHERE s.dist_key = $1 AND s.run_id = c.run_id`,
    values: [
      distKey,
      [...changes.keys()],
      [...changes.values()].map((c) => c.frames),
      [...changes.values()].map((c) => c.points),
      [...changes.values()].map((c) => c.duplicated),
    ],
  });
}

function summarise(accepted: Accepted[]): SummaryDelta[] {
  const deltas = new Map<string, SummaryDelta>();
  for (const { item, arrival } of accepted) {
    for (const { key, rows, values } of item.frame.columns) {
      const id = `${item.runId}\n${key}`;
      const summary: SeriesSummary = deltas.get(id)?.summary ?? emptySummary(key);
      addPoints(summary, item.frame.steps, values, rows);
      deltas.set(id, { runId: item.runId, arrival, summary });
    }
  }
  return [...deltas.values()].filter((delta) => delta.summary.points > 0);
}
