import { architectureName, type TrainingConfig } from "@residual/shared";
import type pg from "pg";
import { AppError, badInput } from "../../errors.js";
import { momentOf, newId } from "../../ids.js";
import { cleanTags, cleanText } from "../../input-text.js";
import { transaction } from "../../transaction.js";
import type { Dataset } from "../dataset/dataset.entity.js";
import type { Experiment } from "../experiment/experiment.entity.js";
import { holdExperiment } from "../experiment/hold-experiment.js";
import { insertRunParams } from "../run/run-params.js";
import { seedGroup } from "../run/seed-group.js";
import { checkConfig } from "./check-config.js";
import { enqueue } from "./enqueue.js";
import type { StartRunInput } from "./start-run.input.js";

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
  checkDataset(experiment, dataset);
  const planned = { ...input, config: checkConfig("config", input.config) };
  return transaction(pool, (client) => insertRun(client, experiment, dataset, planned));
}

/** Throws BAD_INPUT for a dataset of another project, CONFLICT for one whose scan failed. One that is being scanned is waited for. */
export function checkDataset(experiment: Experiment, dataset: Dataset): void {
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
      { field: "dataset" },
    );
  }
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
  await holdExperiment(client, experiment.id);
  await client.query(
    `INSERT INTO run (dist_key, id, project_id, experiment_id, dataset_id, name, status, architecture, config, tags, seed, "group", origin, parent_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, 'QUEUED', $7, $8, $9, $10, $11, 'TRAINED_HERE', $12, $13)`,
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
      momentOf(id),
    ],
  );
  await insertRunParams(client, distKey, id, config);
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
