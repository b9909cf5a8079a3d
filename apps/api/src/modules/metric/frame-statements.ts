import type { ClientBase, QueryResult } from "pg";
import { insertRows } from "./insert-rows.js";
import type { IncomingFrame } from "./store-frames.js";

export type RunRow = { id: string; lease_generation: number; trashed: boolean };
export type StreamRow = { run_id: string; arrivals: number; summarised: number };
export type WriterRow = { run_id: string; writer: string; last_seq: number };
/** An accepted frame with the number that it gets in its run. */
export type Accepted = { item: IncomingFrame; arrival: number };
/** What a commit adds to a run's stream. `summarised`: how many arrivals its summaries contain from now on. */
export type StreamChange = { frames: number; points: number; duplicated: number; summarised: number };

// Every statement names one dist_key, so that a sharded Postgres runs it on one shard; rows are VALUES, as INSERT … SELECT from a function
// goes through its coordinator. Many are on their way at once: none may depend on what another one returns.

/** Holds the runs FOR SHARE: a claim updates its run, and so waits for the commit, or the commit for it. */
export function lockRuns(client: ClientBase, distKey: number, runIds: string[]): Promise<QueryResult<RunRow>> {
  return client.query<RunRow>({
    name: "metric-lock-runs",
    text: `SELECT id, lease_generation, trashed_at IS NOT NULL AS trashed
           FROM run WHERE dist_key = $1 AND id = ANY($2) ORDER BY id FOR SHARE`,
    values: [distKey, runIds],
  });
}

/** Locks the runs' streams, so that arrivals are numbered without a hole in the order of commits. */
export function lockStreams(client: ClientBase, distKey: number, runIds: string[]): Promise<QueryResult<StreamRow>> {
  return client.query<StreamRow>({
    name: "metric-lock-streams",
    text: `SELECT run_id, arrivals, summarised FROM metric_stream WHERE dist_key = $1 AND run_id = ANY($2) ORDER BY run_id FOR UPDATE`,
    values: [distKey, runIds],
  });
}

export function makeStreams(client: ClientBase, distKey: number, runIds: string[]): Promise<QueryResult> {
  return insertRows(client, {
    name: "metric-make-streams",
    into: "metric_stream (dist_key, run_id)",
    distKey,
    rows: runIds.map((runId) => [runId]),
    suffix: "ON CONFLICT DO NOTHING",
  });
}

/** After lockStreams, as a statement of its own: its snapshot then contains what the lock's last holder committed. */
export function readWatermarks(
  client: ClientBase,
  distKey: number,
  items: readonly { runId: string; writer: string }[],
): Promise<QueryResult<WriterRow>> {
  return client.query<WriterRow>({
    name: "metric-watermarks",
    text: `SELECT w.run_id, w.writer, w.last_seq FROM unnest($2::text[], $3::text[]) AS asked(run_id, writer)
           JOIN run_writer w ON w.dist_key = $1 AND w.run_id = asked.run_id AND w.writer = asked.writer`,
    values: [distKey, items.map((item) => item.runId), items.map((item) => item.writer)],
  });
}

export function insertFrames(client: ClientBase, distKey: number, accepted: Accepted[]): Promise<QueryResult> {
  return insertRows(client, {
    name: "metric-insert-frames",
    into: "metric_frame (dist_key, run_id, arrival, writer, seq, lease_generation, points, digest, frame)",
    distKey,
    rows: accepted.map(({ item, arrival }) => [
      item.runId,
      arrival,
      item.writer,
      item.seq,
      item.leaseGeneration,
      item.points,
      item.digest,
      item.bytes,
    ]),
  });
}

/** `last`: the last accepted frame of each writer. */
export function moveWatermarks(client: ClientBase, distKey: number, last: IncomingFrame[]): Promise<QueryResult> {
  return client.query({
    name: "metric-move-watermarks",
    text: `UPDATE run_writer AS w SET last_seq = c.seq FROM unnest($2::text[], $3::text[], $4::bigint[]) AS c(run_id, writer, seq)
           WHERE w.dist_key = $1 AND w.run_id = c.run_id AND w.writer = c.writer`,
    values: [distKey, last.map((item) => item.runId), last.map((item) => item.writer), last.map((item) => item.seq)],
  });
}

/** For writers that were not heard of before: the stream's lock keeps another process from making them meanwhile. */
export function makeWriters(client: ClientBase, distKey: number, last: IncomingFrame[]): Promise<QueryResult> {
  return insertRows(client, {
    name: "metric-make-writers",
    into: "run_writer (dist_key, run_id, writer, last_seq)",
    distKey,
    rows: last.map((item) => [item.runId, item.writer, item.seq]),
  });
}

export function moveStreams(
  client: ClientBase,
  distKey: number,
  changes: ReadonlyMap<string, StreamChange>,
): Promise<QueryResult> {
  const columns = [...changes.values()];
  return client.query({
    name: "metric-move-streams",
    text: `UPDATE metric_stream AS s
           SET arrivals = s.arrivals + c.frames, points_acknowledged = s.points_acknowledged + c.points,
               frames_duplicated = s.frames_duplicated + c.duplicated,
               summarised = LEAST(s.summarised + c.summarised, s.arrivals + c.frames)
           FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[]) AS c(run_id, frames, points, duplicated, summarised)
           WHERE s.dist_key = $1 AND s.run_id = c.run_id`,
    values: [
      distKey,
      [...changes.keys()],
      columns.map((change) => change.frames),
      columns.map((change) => change.points),
      columns.map((change) => change.duplicated),
      columns.map((change) => change.summarised),
    ],
  });
}

/** Has the summaries of runs made anew from their points when they are next read; the caller holds the streams. */
export function makeStale(client: ClientBase, distKey: number, runIds: string[]): Promise<QueryResult>[] {
  const values = [distKey, runIds];
  return [
    client.query("UPDATE metric_series SET stale = true WHERE dist_key = $1 AND run_id = ANY($2)", values),
    client.query("UPDATE metric_stream SET summarised = arrivals WHERE dist_key = $1 AND run_id = ANY($2)", values),
  ];
}
