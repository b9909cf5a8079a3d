import type { DataSource } from "typeorm";
import { AppError, badInput } from "../../errors.js";
import { momentOf, newId } from "../../ids.js";
import { cleanTags, cleanText } from "../../input-text.js";
import type { Json } from "../../scalars/json.js";
import type { Experiment } from "../experiment/experiment.entity.js";
import { holdExperiment } from "../experiment/hold-experiment.js";
import { Run } from "./run.entity.js";
import type { CreateRunInput, FinishRunInput, UpdateRunInput } from "./run.input.js";
import { insertRunParams } from "./run-params.js";
import { seedGroup } from "./seed-group.js";

const maxNotes = 20_000;

/** Makes a run that some other script trains and logs. It counts as running from now on. */
export async function createRun(db: DataSource, experiment: Experiment, input: CreateRunInput): Promise<Run> {
  const id = newId("run");
  const config = asObject("config", input.config ?? {});
  const architecture = input.architecture ?? null;
  const group = Object.keys(config).length === 0 ? null : seedGroup(architecture, null, config);
  const values = [
    experiment.distKey,
    id,
    experiment.projectId,
    experiment.id,
    cleanText("name", input.name, { min: 1 }),
    architecture,
    JSON.stringify(config),
    cleanTags("tags", input.tags),
    input.seed ?? null,
    group,
    input.environment == null ? null : JSON.stringify(input.environment),
    momentOf(id),
  ];
  await db.transaction(async (client) => {
    await holdExperiment(client, experiment.id);
    await client.query(
      `INSERT INTO run (dist_key, id, project_id, experiment_id, name, status, architecture, config, tags, seed, "group", origin, environment, created_at, started_at)
       VALUES ($1, $2, $3, $4, $5, 'RUNNING', $6, $7, $8, $9, $10, 'LOGGED', $11, $12, now())`,
      values,
    );
    await insertRunParams(client, experiment.distKey, id, config);
  });
  return db.getRepository(Run).findOneByOrFail({ distKey: experiment.distKey, id });
}

/** Ends a run that was logged from elsewhere. Saying the same again changes nothing; CONFLICT once it has ended otherwise. */
export async function finishRun(db: DataSource, run: Run, input: FinishRunInput): Promise<Run> {
  if (run.origin !== "LOGGED") {
    throw new AppError("CONFLICT", "This run is trained by a worker, which ends it. Use stopRun or cancelRun.", {
      field: "id",
    });
  }
  if (input.status === "QUEUED" || input.status === "RUNNING") {
    throw badInput("status", `status is ${input.status}; a run ends as FINISHED, FAILED or STOPPED.`, [
      "FINISHED",
      "FAILED",
      "STOPPED",
    ]);
  }
  const error = input.error == null ? null : cleanText("error", input.error, { max: 4_000 });
  if (run.status === input.status && run.finishedAt) return run;
  await changeRun(
    db,
    run,
    "status = $3, error = $4, finished_at = now()",
    [input.status, error],
    "AND status = 'RUNNING'",
  );
  return reload(db, run);
}

/** Changes name, notes or tags; what is null stays. */
export async function updateRun(db: DataSource, run: Run, input: UpdateRunInput): Promise<Run> {
  const name = input.name == null ? run.name : cleanText("name", input.name, { min: 1 });
  const notes = input.notes == null ? run.notes : cleanText("notes", input.notes, { max: maxNotes });
  const tags = input.tags == null ? run.tags : cleanTags("tags", input.tags);
  await changeRun(db, run, "name = $3, notes = $4, tags = $5", [name, notes, tags]);
  return reload(db, run);
}

async function changeRun(db: DataSource, run: Run, changes: string, values: unknown[], only = ""): Promise<void> {
  const [, changed] = await db.query(`UPDATE run SET ${changes} WHERE dist_key = $1 AND id = $2 ${only}`, [
    run.distKey,
    run.id,
    ...values,
  ]);
  if (changed === 0) throw new AppError("CONFLICT", `The run has ended as ${run.status} already.`, { field: "id" });
}

async function reload(db: DataSource, run: Run): Promise<Run> {
  return db.getRepository(Run).findOneByOrFail({ distKey: run.distKey, id: run.id });
}

function asObject(field: string, value: Json): { [key: string]: Json } {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw badInput(field, `${field} must be an object of names and values, as {"batch_size": 32}.`);
}
