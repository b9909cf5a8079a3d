import { encodeBase64 } from "@residual/shared";
import type { SpoolOwner } from "../spool/metric-spool.js";
import type { SpooledFrame } from "../spool/spool-record.js";
import { type ApiAccess, askGraphql } from "./ask-graphql.js";
import type { Transport } from "./transport.js";

const logMetrics = "mutation LogMetrics($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }";

/** A request a frame. For where the ingest socket does not pass. */
export class GraphqlTransport implements Pick<Transport, "send"> {
  constructor(
    private readonly access: ApiAccess,
    private readonly owner: SpoolOwner,
  ) {}

  async send(frames: readonly SpooledFrame[]): Promise<void> {
    const { run, writer, leaseGeneration } = this.owner;
    for (const { seq, bytes } of frames) {
      const input = { run, writer, leaseGeneration, seq, frame: encodeBase64(bytes) };
      await askGraphql(this.access, logMetrics, { input });
    }
  }
}
