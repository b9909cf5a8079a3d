import { encodeBase64 } from "@residual/shared";
import type { SpoolOwner } from "../spool/metric-spool.js";
import type { SpooledFrame } from "../spool/spool-record.js";
import { type ApiAccess, askGraphql, TIMEOUT_MS } from "./ask-graphql.js";
import type { Transport } from "./transport.js";

const logMetrics = "mutation LogMetrics($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }";

/** A request a frame. For where the ingest socket does not pass. */
export class GraphqlTransport implements Transport {
  private request = new AbortController();

  constructor(
    private readonly access: ApiAccess,
    private readonly owner: SpoolOwner,
  ) {}

  async send(frames: readonly SpooledFrame[]): Promise<void> {
    const { run, writer, leaseGeneration } = this.owner;
    for (const { seq, bytes } of frames) {
      const input = { run, writer, leaseGeneration, seq, frame: encodeBase64(bytes) };
      this.request = new AbortController();
      const timer = setTimeout(
        () => this.request.abort(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)),
        TIMEOUT_MS,
      );
      await askGraphql(this.access, logMetrics, { input }, this.request.signal).finally(() => clearTimeout(timer));
    }
  }

  close(): void {
    this.request.abort(new Error("the connection was closed"));
  }
}
