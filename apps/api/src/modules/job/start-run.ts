import { architectureName, type TrainingConfig } from "@residual/shared";
import type pg from "pg";
import { AppError, badInput } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanTags, cleanText } from "../../input-text.js";
import { transaction } from "../../transaction.js";
import type { Dataset } from "../dataset/dataset.entity.js";
import type { Experiment } from "../experiment/experiment.entity.js";
import { seedGroup } from "../run/seed-group.js";
import { checkConfig } from "./check-config.js";
import { enqueue } from "./enqueue.js";
import type { StartRunInput, StartSweepInput } from "./start-run.input.js";

const maxSweepRuns = 300;
const priorityRange = [-1_000, 1_000] as const;

/** A run about to be queued; its configuration is checked and complete. */
export interface PlannedRun {
  config: TrainingConfig;
  name?: string | null;
  tags: string[];
  priority: number;
  /** The run that it is started from. */
  parentId?: string | null;
}

/** Queues one run; returns its id. */
export async function startRun(
  pool: pg.Pool,
  experiment: Experiment,
  dataset: Dataset,
  input: StartRunInput,
): Promise<string> {
  const [min, max] = priorityRange;
  if (input.priority < min || input.priority > max) {
    throw badInput(
      "priority",
      `priority is ${input.priority}; it must be ${min} to ${max} (higher runs first).`,
      priorityRange,
    );
  }
  const [id] = await queueRuns(pool, experiment, dataset, [{ ...input, config: checkConfig("config", input.config) }]);
  return id!;
}

/** Queues every configuration with every seed, all or none; returns the ids of the runs, seeds together. */
export async function startSweep(
  pool: pg.Pool,
  experiment: Experiment,
  dataset: Dataset,
  input: StartSweepInput,
): Promise<string[]> {
  const seeds = [...new Set(input.seeds)];
  const count = input.configs.length * seeds.length;
  if (count < 1 || count > maxSweepRuns) {
    throw badInput(
      input.configs.length === 0 ? "configs" : "seeds",
      `${input.configs.length} configurations with ${seeds.length} seeds are ${count} runs; a sweep has 1 to ${maxSweepRuns}.`,
      [1, maxSweepRuns],
    );
  }
  const planned = input.configs.flatMap((config, i) =>
    seeds.map((seed) => ({ config: checkConfig(`configs[${i}]`, { ...config, seed }), tags: input.tags, priority: 0 })),
  );
  return queueRuns(pool, experiment, dataset, planned);
}

/** Queues runs in the order given, in one transaction. They wait for the scan of their dataset. */
async function queueRuns(
  pool: pg.Pool,
  experiment: Experiment,
  dataset: Dataset,
  planned: PlannedRun[],
): Promise<string[]> {
  if (dataset.projectId !== experiment.projectId) {
    throw badInput(
      "dataset",
      "dataset belongs to another project than the experiment. Register the folder in this project.",
    );
  }
  if (dataset.status === "FAILED") {
    throw new AppError(
      "CONFLICT",
      `The scan of dataset ${JSON.stringify(dataset.name)} failed: ${dataset.error ?? ""} Repair it and scan it again.`,
      {
        field: "dataset",
      },
    );
  }
  return transaction(pool, async (client) => {
    const ids: string[] = [];
    for (const run of planned) ids.push(await insertRun(client, experiment, dataset, run));
    return ids;
  });
}

/** Stores a run and its job, in the caller's transaction; returns the run's id. */
export async function insertRun(
  client: pg.PoolClient,
  experiment: Pick<Experiment, "id" | "distKey" | "projectId">,
  dataset: Pick<Dataset, "id">,
  run: PlannedRun,
): Promise<string> {
  const { distKey, projectId } = experiment;
  const { config } = run;
  const id = newId("run");
  await client.query(
    `INSERT INTO run (dist_key, id, project_id, experiment_id, dataset_id, name, status, architecture, config, tags, seed, "group", origin, parent_id)
     VALUES ($1, $2, $3, $4, $5, $6, 'QUEUED', $7, $8, $9, $10, $11, 'TRAINED_HERE', $12)`,
    [
      distKey,
      id,
      projectId,
      experiment.id,
      dataset.id,
      run.name ? cleanText("name", run.name, { min: 1 }) : defaultName(config),
      config.architecture,
      JSON.stringify(config),
      cleanTags("tags", run.tags),
      config.seed,
      seedGroup(config.architecture, dataset.id, { ...config }),
      run.parentId ?? null,
    ],
  );
  await enqueue(client, {
    kind: "TRAIN_RUN",
    distKey,
    projectId,
    runId: id,
    datasetId: dataset.id,
    priority: run.priority,
    leaseGeneration: 0,
  });
  return id;
}

/** What tells runs of an experiment apart at a glance: "ResNet-18 · 64 px · seed 1". */
function defaultName({ architecture, imageSize, seed }: TrainingConfig): string {
  return `${architectureName(architecture)} · ${imageSize} px · seed ${seed}`;
}
