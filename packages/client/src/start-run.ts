import type { MetricLogger } from "./metric-logger.js";
import { type OpenRunOptions, openRun } from "./open-run.js";
import { askGraphql } from "./transport/ask-graphql.js";

export interface StartRunOptions extends Omit<OpenRunOptions, "run" | "leaseGeneration"> {
  /** Id of the experiment that the run belongs to (`exp_…`, in the dashboard's address). */
  readonly experiment: string;
  readonly name: string;
  /** The hyperparameters, as names and values. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
  readonly seed?: number;
}

export type RunEnd = "FINISHED" | "FAILED" | "STOPPED";

/** Makes a run for a script of yours, and opens it for logging. Throws a Refused or an Unavailable where the API does not make it. */
export async function startRun(options: StartRunOptions): Promise<MetricLogger> {
  const { experiment, name, config = {}, tags = [], seed, ...open } = options;
  const answer = await askGraphql<{ createRun: { id: string } }>(
    open,
    "mutation CreateRun($input: CreateRunInput!) { createRun(input: $input) { id } }",
    { input: { experiment, name, config, tags, seed } },
  );
  return openRun({ ...open, run: answer.createRun.id });
}

/** Says how a run of yours ended. To be called after `close()`. Throws as startRun does. */
export async function finishRun(
  { url, key, run }: Pick<OpenRunOptions, "url" | "key" | "run">,
  status: RunEnd = "FINISHED",
  error?: string,
): Promise<void> {
  const query = "mutation FinishRun($input: FinishRunInput!) { finishRun(input: $input) { id } }";
  await askGraphql({ url, key }, query, { input: { id: run, status, error } });
}
