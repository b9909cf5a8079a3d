import { encodeBase64, encodeMetricFrame, type MetricColumn } from "@residual/shared";
import type { ApiClient } from "./api-client.js";
import type { MetricSpool } from "./metric-spool.js";
import { logMetrics } from "./operations.js";

const FRAME_POINTS = 5_000;

/** What was logged at one step, by metric key. */
export type MetricValues = Readonly<Record<string, number>>;

interface Row {
  readonly step: number;
  readonly time: number;
  readonly values: MetricValues;
}

/**
 * What is logged within this time makes one frame, which goes to disk at once: a frame costs the training a millisecond of the
 * processor, people see no difference, and memory holds little while the API does not answer.
 */
const FRAME_MS = 250;

/**
 * Takes the metrics of a run to the API, each point once. What is logged soon after a frame, or while one is under way, is packed into the
 * next: slow steps are sent at once, fast ones and a slow API make fewer and larger frames. A frame is on disk before it is sent, is sent under
 * the same seq until it is acknowledged, and frames go one at a time, in order.
 */
export class MetricWriter {
  private rows: Row[] = [];
  private points = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private failure: Error | undefined;
  private lastCut = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly spool: MetricSpool,
    private readonly api: ApiClient,
    private readonly onFailure: (error: Error) => void = () => {},
    private readonly signal?: AbortSignal,
  ) {}

  /** Never waits. `time` is milliseconds since 1970. */
  log(step: number, time: number, values: MetricValues): void {
    const count = Object.keys(values).length;
    if (this.points + count > FRAME_POINTS) this.cut();
    this.rows.push({ step, time, values });
    this.points += count;
    if (this.sending || !this.isDue()) this.timer ??= setTimeout(() => this.cutAndSend(), FRAME_MS);
    else this.send();
  }

  /** Resolves once everything logged so far is acknowledged. Throws what the API refused with, or the signal's reason. */
  async flush(): Promise<void> {
    while (!this.failure && (this.sending || this.rows.length > 0 || this.spool.waiting > 0)) {
      this.cut();
      this.send();
      await this.sending;
    }
    if (this.failure) throw this.failure;
  }

  /** Writes what is in memory to the spool. For an end without an acknowledgement: the next process sends it. */
  cut(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.rows.length === 0) return;
    const rows = this.rows;
    this.lastCut = performance.now();
    this.rows = [];
    this.points = 0;
    this.spool.append(encodeMetricFrame(frameOf(rows)));
  }

  /** On a timer, where an error would end the process: a full disk ends the run instead. */
  private cutAndSend(): void {
    try {
      this.cut();
    } catch (error) {
      this.fail(error as Error);
    }
    this.send();
  }

  private isDue(): boolean {
    return performance.now() - this.lastCut >= FRAME_MS;
  }

  private fail(error: Error): void {
    this.failure = error;
    this.onFailure(error);
  }

  private send(): void {
    if (this.sending || this.failure) return;
    this.sending = this.sendAll()
      .catch((error: Error) => this.fail(error))
      .finally(() => {
        this.sending = undefined;
      });
  }

  private async sendAll(): Promise<void> {
    // Everything that was logged in this turn of the event loop belongs into one frame.
    await Promise.resolve();
    for (;;) {
      // An older frame first: what is in memory may grow until its turn comes.
      if (this.spool.waiting === 0 && this.isDue()) this.cut();
      const next = this.spool.first();
      if (!next) return;
      const { run, writer, leaseGeneration } = this.spool.owner;
      const frame = encodeBase64(next.payload);
      const answer = await this.api.request(
        logMetrics,
        { input: { run, writer, seq: next.seq, leaseGeneration, frame } },
        this.signal,
      );
      this.spool.acknowledge(Math.max(next.seq, answer.logMetrics.ackedSeq));
    }
  }
}

/** One column a metric key; a key that is missing in some rows selects its own. */
function frameOf(rows: readonly Row[]) {
  const columns = new Map<string, { rows: number[]; values: number[] }>();
  for (const [index, row] of rows.entries()) {
    for (const [key, value] of Object.entries(row.values)) {
      const column = columns.get(key) ?? { rows: [], values: [] };
      columns.set(key, column);
      column.rows.push(index);
      column.values.push(value);
    }
  }
  return {
    steps: Float64Array.from(rows, (row) => row.step),
    times: Float64Array.from(rows, (row) => row.time),
    columns: [...columns].map(
      ([key, column]): MetricColumn => ({
        key,
        rows: column.rows.length === rows.length ? null : Uint32Array.from(column.rows),
        values: Float64Array.from(column.values),
      }),
    ),
  };
}
