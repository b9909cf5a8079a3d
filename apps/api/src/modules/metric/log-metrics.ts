import { metricFramePoints } from "@residual/shared";
import { GraphQLError } from "graphql";
import type { App } from "../../context.js";
import { badInput } from "../../errors.js";
import { cleanText } from "../../input-text.js";
import type { RunToLog } from "../run/runs-to-log.js";
import type { LogMetricsInput } from "./metric.type.js";
import type { Receipt } from "./store-frames.js";

/** Stores what a writer flushes; resolves after the commit. Sent again it answers the same, with duplicate true. */
export function logMetrics({ metrics }: App, run: RunToLog, input: LogMetricsInput): Promise<Receipt> {
  const writer = cleanText("writer", input.writer, { min: 1, max: 128 });
  if (input.seq < 1)
    throw badInput("seq", "seq is 0; a writer's first request has seq 1.", [1, Number.MAX_SAFE_INTEGER]);
  if (input.resendOf != null && input.resendOf !== input.seq)
    throw badInput(
      "resendOf",
      "A request that is sent again keeps its seq: resendOf must be the same, or be left out.",
    );
  if (input.frame instanceof GraphQLError) throw input.frame;
  const { frame, bytes, digest } = input.frame;
  return metrics.ingest.log(run.distKey, {
    runId: run.id,
    writer,
    seq: input.seq,
    leaseGeneration: input.leaseGeneration,
    frame,
    points: metricFramePoints(frame),
    bytes,
    digest,
  });
}
