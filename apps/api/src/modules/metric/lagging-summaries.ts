import type { Pool } from "pg";
import { lockStreams, makeStale } from "./frame-statements.js";
import { inPipeline, together } from "./pipeline.js";

type LaggingRun = { dist_key: number; run_id: string };

const lagging = "SELECT dist_key, run_id FROM metric_stream WHERE summarised < arrivals";

/**
 * Finds runs whose summaries will not be completed by anyone, as the process that took their frames has died, and has them made anew from
 * the points. Doing so while that process lives costs a reading of the points, and nothing else (store-summaries.ts).
 */
export class LaggingSummaries {
  #seen: LaggingRun[] = [];

  constructor(private readonly pool: Pool) {}

  /** At the start of a process: whoever lags was left behind by an earlier one. Resolves to how many did. */
  async recover(): Promise<number> {
    const { rows } = await this.pool.query<LaggingRun>(lagging);
    for (const run of rows) await this.#makeStale(run);
    return rows.length;
  }

  /** To be called about once a minute: takes care of runs that lagged at the last look and still do. */
  async look(): Promise<number> {
    const before = new Set(this.#seen.map((run) => run.run_id));
    const { rows } = await this.pool.query<LaggingRun>(
      `${lagging} AND ((dist_key, run_id) IN (SELECT dist_key, run_id FROM metric_frame) OR run_id = ANY($1) AND dist_key = ANY($2))`,
      [this.#seen.map((run) => run.run_id), this.#seen.map((run) => run.dist_key)],
    );
    const left = rows.filter((run) => before.has(run.run_id));
    for (const run of left) await this.#makeStale(run);
    this.#seen = rows.filter((run) => !before.has(run.run_id));
    return left.length;
  }

  #makeStale({ dist_key: distKey, run_id: runId }: LaggingRun): Promise<unknown> {
    return inPipeline(this.pool, (client) =>
      together([
        client.query("BEGIN"),
        lockStreams(client, distKey, [runId]),
        ...makeStale(client, distKey, [runId]),
        client.query("COMMIT"),
      ]),
    );
  }
}
