import { AppError } from "../../errors.js";
import type { Accepted, RunRow } from "./frame-statements.js";
import type { IncomingFrame, Outcome } from "./store-frames.js";

/** What the database says of the runs and writers of a batch, read under the locks of its transaction. */
export type Standing = {
  runs: ReadonlyMap<string, RunRow>;
  /** The last arrival of each run. */
  arrivals: ReadonlyMap<string, number>;
  /** How many arrivals of each run its summaries do not contain yet. */
  lag: ReadonlyMap<string, number>;
  /** The last seq of each writer that was heard of, by writerKey. */
  acked: ReadonlyMap<string, number>;
};

export type Judged = {
  outcomes: Map<IncomingFrame, Outcome>;
  /** In the order of their arrivals. */
  accepted: Accepted[];
  /** Frames whose seq was acknowledged before this batch: their digests must be compared. */
  repeated: IncomingFrame[];
  /** The last accepted frame of each writer, by writerKey. */
  last: Map<string, IncomingFrame>;
};

export const writerKey = (item: { runId: string; writer: string }): string => `${item.runId}\n${item.writer}`;

/**
 * Sorts a batch into what is stored, what was stored before, and what is refused; a refused frame does not hinder the others. Outcomes of
 * `repeated` are still missing: see judgeRepeat.
 */
export function judgeFrames(items: readonly IncomingFrame[], standing: Standing): Judged {
  const judged: Judged = { outcomes: new Map(), accepted: [], repeated: [], last: new Map() };
  const arrivals = new Map(standing.arrivals);
  const here = new Map<string, IncomingFrame>();
  // In order of seq, so that a writer's requests that overtook each other on the way here are not taken for a gap.
  for (const item of [...items].sort((a, b) => a.seq - b.seq)) {
    const refusal = refuse(item, standing.runs.get(item.runId));
    if (refusal) {
      judged.outcomes.set(item, { error: refusal });
      continue;
    }
    const writer = writerKey(item);
    const watermark = judged.last.get(writer)?.seq ?? standing.acked.get(writer) ?? 0;
    if (item.seq > watermark + 1) judged.outcomes.set(item, { error: gap(item, watermark + 1) });
    else if (item.seq === watermark + 1) {
      const arrival = arrivals.get(item.runId)! + 1;
      arrivals.set(item.runId, arrival);
      judged.last.set(writer, item);
      here.set(`${writer}\n${item.seq}`, item);
      judged.accepted.push({ item, arrival });
      judged.outcomes.set(item, { receipt: receipt(item, item.seq, false) });
    } else {
      const twin = here.get(`${writer}\n${item.seq}`);
      if (twin) judged.outcomes.set(item, judgeRepeat(item, twin.digest, watermark));
      else judged.repeated.push(item);
    }
  }
  return judged;
}

/** What a frame is answered whose seq was stored under the digest `stored`. */
export function judgeRepeat(item: IncomingFrame, stored: Buffer, ackedSeq: number): Outcome {
  if (stored.equals(item.digest)) return { receipt: receipt(item, ackedSeq, true) };
  const message = `Writer ${item.writer} sent seq ${item.seq} before, with other content. Nothing was stored; give each process its own writer name.`;
  return { error: new AppError("CONFLICT", message, { field: "seq" }) };
}

function receipt(item: IncomingFrame, ackedSeq: number, duplicate: boolean) {
  return { writer: item.writer, ackedSeq, points: item.points, duplicate };
}

// The status of the run is not asked: a writer that drains its spool after the run has ended still brings what was measured.
function refuse(item: IncomingFrame, run: RunRow | undefined): AppError | null {
  if (!run || run.trashed)
    return new AppError("NOT_FOUND", `There is no run ${item.runId}, or it is in the trash. Nothing was stored.`, {
      field: "run",
    });
  if (item.leaseGeneration === run.lease_generation) return null;
  return new AppError(
    "FENCED",
    `Run ${item.runId} is held under lease generation ${run.lease_generation}; this frame is of generation ${item.leaseGeneration}. Stop: another worker has taken over.`,
    { field: "leaseGeneration", leaseGeneration: run.lease_generation },
  );
}

function gap(item: IncomingFrame, expected: number): AppError {
  return new AppError(
    "SEQ_GAP",
    `Writer ${item.writer} sent seq ${item.seq}, but ${expected} comes next. Send ${expected} first.`,
    { field: "seq", expected },
  );
}
