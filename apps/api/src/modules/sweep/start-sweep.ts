import type { TrainingConfig } from "@residual/shared";
import type pg from "pg";
import { badInput } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanTags } from "../../input-text.js";
import { transaction } from "../../transaction.js";
import type { Dataset } from "../dataset/dataset.entity.js";
import type { Experiment } from "../experiment/experiment.entity.js";
import { checkConfig } from "../job/check-config.js";
import { checkDataset } from "../job/start-run.js";
import { startRung } from "./start-rung.js";
import type { StartSweepInput } from "./sweep.input.js";
import { readSweep } from "./sweep-row.js";

const maxRuns = 300;
const keepRange = [2, 10] as const;

/**
 * Queues every configuration with every seed, all or none: for all their epochs, or for the first rung where the sweep halves. Returns the
 * ids of the sweep and of its runs, seeds together.
 */
export async function startSweep(
  pool: pg.Pool,
  experiment: Experiment,
  dataset: Dataset,
  input: StartSweepInput,
): Promise<{ sweep: string; runs: string[] }> {
  checkDataset(experiment, dataset);
  const seeds = [...new Set(input.seeds)];
  const count = input.configs.length * seeds.length;
  if (count < 1 || count > maxRuns) {
    throw badInput(
      input.configs.length === 0 ? "configs" : "seeds",
      `${input.configs.length} configurations with ${seeds.length} seeds are ${count} runs; a sweep has 1 to ${maxRuns}.`,
      [1, maxRuns],
    );
  }
  const keepOneIn = input.keepOneIn ?? null;
  const [low, high] = keepRange;
  if (keepOneIn !== null && !(keepOneIn >= low && keepOneIn <= high))
    throw badInput("keepOneIn", `keepOneIn is ${keepOneIn}; it must be ${low} to ${high}.`, [low, high]);
  // Every seed is checked with its configuration: the seed is a setting with a range of its own.
  const configs = input.configs.map(
    (config, i) => seeds.map((seed) => checkConfig(`configs[${i}]`, { ...config, seed }))[0]!,
  );
  return transaction(pool, (client) =>
    insertSweep(client, experiment, dataset, { configs, seeds, keepOneIn, tags: input.tags }),
  );
}

async function insertSweep(
  client: pg.PoolClient,
  experiment: Experiment,
  dataset: Dataset,
  plan: { configs: TrainingConfig[]; seeds: number[]; keepOneIn: number | null; tags: string[] },
): Promise<{ sweep: string; runs: string[] }> {
  const { configs, seeds, keepOneIn, tags } = plan;
  const id = newId("swp");
  await client.query(
    `INSERT INTO sweep (dist_key, id, project_id, experiment_id, dataset_id, configs, seeds, tags, keep_one_in)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      experiment.distKey,
      id,
      experiment.projectId,
      experiment.id,
      dataset.id,
      JSON.stringify(configs),
      seeds,
      cleanTags("tags", tags),
      keepOneIn,
    ],
  );
  const sweep = (await readSweep(client, experiment.distKey, id))!;
  const all = configs.map((_, config) => ({ config, parents: new Map<number, string>() }));
  return { sweep: id, runs: await startRung(client, sweep, 0, all) };
}
