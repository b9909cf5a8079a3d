import type { MetricFrame } from "@residual/shared";
import type { ClientBase, Pool } from "pg";
import type { AppError } from "../../errors.js";
import {
  insertFrames,
  lockRuns,
  lockStreams,
  makeStreams,
  makeWriters,
  moveStreams,
  moveWatermarks,
  readWatermarks,
  type StreamChange,
} from "./frame-statements.js";
import { type Judged, judgeFrames, judgeRepeat, type Standing, writerKey } from "./judge-frames.js";
import type { PendingSummaries } from "./pending-summaries.js";
import { inPipeline, together } from "./pipeline.js";
import { findReceipts } from "./receipts.js";
import { storeSummaries } from "./store-summaries.js";

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
export type StoredFrame = { runId: string; arrival: number; points: number };
export type Outcome = { receipt: Receipt } | { error: AppError };

/**
 * Stores frames of runs that share `distKey` in one transaction of two round trips: what is read and locked, then what is written and the
 * commit. Outcome i belongs to frame i; a refused frame does not hinder the others. `pending` takes what the commit adds to the summaries,
 * and gives what is due to be written with it. Rejects with the database's error: then nothing is acknowledged.
 */
export function storeFrames(
  pool: Pool,
  distKey: number,
  items: IncomingFrame[],
  pending: PendingSummaries,
): Promise<{ outcomes: Outcome[]; stored: StoredFrame[] }> {
  return inPipeline(pool, async (client) => {
    // Acknowledged means on disk, whatever the server's default is.
    const begin = client.query("BEGIN; SET LOCAL synchronous_commit = on");
    const standing = await readStanding(client, distKey, items, begin);
    const judged = judgeFrames(items, standing);
    if (judged.repeated.length > 0) await judgeRepeated(client, distKey, judged, standing);
    await write(client, distKey, items, judged, standing, pending);
    return {
      outcomes: items.map((item) => judged.outcomes.get(item)!),
      stored: judged.accepted.map(({ item, arrival }) => ({ runId: item.runId, arrival, points: item.points })),
    };
  });
}

async function readStanding(
  client: ClientBase,
  distKey: number,
  items: IncomingFrame[],
  begin: Promise<unknown>,
): Promise<Standing> {
  const runIds = [...new Set(items.map((item) => item.runId))].sort();
  const writers = [...new Map(items.map((item) => [writerKey(item), item])).values()];
  let [, { rows: runs }, { rows: streams }, { rows: watermarks }] = await together([
    begin,
    lockRuns(client, distKey, runIds),
    lockStreams(client, distKey, runIds),
    readWatermarks(client, distKey, writers),
  ]);
  if (streams.length < runs.length) {
    // The first frames of a run. Another process may be making its stream too: then this waits, and everything is read again.
    const known = new Set(streams.map((row) => row.run_id));
    const made = runs.map((run) => run.id).filter((id) => !known.has(id));
    [, { rows: streams }, { rows: watermarks }] = await together([
      makeStreams(client, distKey, made),
      lockStreams(client, distKey, runIds),
      readWatermarks(client, distKey, writers),
    ]);
  }
  return {
    runs: new Map(runs.map((row) => [row.id, row])),
    arrivals: new Map(streams.map((row) => [row.run_id, row.arrivals])),
    lag: new Map(streams.map((row) => [row.run_id, row.arrivals - row.summarised])),
    acked: new Map(watermarks.map((row) => [writerKey({ runId: row.run_id, writer: row.writer }), row.last_seq])),
  };
}

async function judgeRepeated(
  client: ClientBase,
  distKey: number,
  { repeated, outcomes, last }: Judged,
  { acked }: Standing,
): Promise<void> {
  const digests = await findReceipts(client, distKey, repeated);
  for (const [i, item] of repeated.entries()) {
    const ackedSeq = last.get(writerKey(item))?.seq ?? acked.get(writerKey(item))!;
    outcomes.set(item, judgeRepeat(item, digests[i]!, ackedSeq));
  }
}

async function write(
  client: ClientBase,
  distKey: number,
  items: IncomingFrame[],
  { outcomes, accepted, last }: Judged,
  { acked, lag }: Standing,
  pending: PendingSummaries,
): Promise<void> {
  const writes: Promise<unknown>[] = [];
  const changes = new Map<string, StreamChange>();
  const change = (runId: string): StreamChange => {
    const found = changes.get(runId) ?? { frames: 0, points: 0, duplicated: 0, summarised: 0 };
    changes.set(runId, found);
    return found;
  };
  for (const { item } of accepted) {
    change(item.runId).frames++;
    change(item.runId).points += item.points;
  }
  for (const item of items) {
    const outcome = outcomes.get(item)!;
    if ("receipt" in outcome && outcome.receipt.duplicate) change(item.runId).duplicated++;
  }
  if (accepted.length > 0) {
    writes.push(insertFrames(client, distKey, accepted));
    const heard = [...last].filter(([writer]) => acked.has(writer)).map(([, item]) => item);
    const unheard = [...last].filter(([writer]) => !acked.has(writer)).map(([, item]) => item);
    if (heard.length > 0) writes.push(moveWatermarks(client, distKey, heard));
    if (unheard.length > 0) writes.push(makeWriters(client, distKey, unheard));
    const due = pending.add(accepted);
    for (const run of due) change(run.runId).summarised += run.arrivals;
    const lagWithThese = new Map(due.map(({ runId }) => [runId, lag.get(runId)! + change(runId).frames]));
    writes.push(...storeSummaries(client, distKey, due, lagWithThese));
  }
  if (changes.size > 0) writes.push(moveStreams(client, distKey, changes));
  try {
    await together([...writes, client.query("COMMIT")]);
  } catch (error) {
    // Committed or not: the summaries in memory may say too much or too little.
    pending.doubt(changes.keys());
    throw error;
  }
}
