import { metricFramePoints, type WriterRecord } from "@residual/shared";
import { type App, createContext } from "../context.js";
import { badInput } from "../errors.js";
import { cleanText } from "../input-text.js";
import { checkMeasurer } from "../modules/job/own-job.js";
import { loadRunToLog } from "../modules/run/runs-to-log.js";
import { receivedFrame } from "../scalars/metric-frame.js";
import { newRequestId } from "../secret.js";
import type { MemberViewer } from "../viewer.js";

type OpenRecord = Extract<WriterRecord, { kind: "open" }>;
type FrameRecord = Extract<WriterRecord, { kind: "frame" }>;

/** One writer of one run, allowed to write there. */
export interface IngestChannel {
  /** Resolves with the seq up to which all is committed. Rejects as `MetricIngest.log` does, and for a frame that breaks a rule. */
  store(record: FrameRecord): Promise<number>;
}

/** Throws NOT_FOUND, FORBIDDEN, FENCED or BAD_INPUT where logMetrics would. */
export async function openChannel(app: App, viewer: MemberViewer, record: OpenRecord): Promise<IngestChannel> {
  const { leaseGeneration } = record;
  const context = createContext(app, { viewer, share: null, sessionToken: null, requestId: newRequestId() });
  const writer = cleanText("writer", record.writer, { min: 1, max: 128 });
  const run = await loadRunToLog(context, record.run);
  await checkMeasurer(context, run, leaseGeneration);
  return {
    async store({ seq, bytes: sent }) {
      if (seq < 1) throw badInput("seq", "seq is 0; a writer's first frame has seq 1.", [1, Number.MAX_SAFE_INTEGER]);
      const { frame, bytes, digest } = receivedFrame(sent);
      const points = metricFramePoints(frame);
      const item = { runId: run.id, writer, seq, leaseGeneration, frame, points, bytes, digest };
      return (await app.metrics.ingest.log(run.distKey, item)).ackedSeq;
    },
  };
}
