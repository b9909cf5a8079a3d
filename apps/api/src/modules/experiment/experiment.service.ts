import type { DataSource } from "typeorm";
import { badInput } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { checkPageSize, decodeCursor, type Page, pageOf } from "../../page.js";
import type { Project } from "../project/project.entity.js";
import { Experiment } from "./experiment.entity.js";
import type { CreateExperimentInput, UpdateExperimentInput } from "./experiment.input.js";

/** Makes an experiment. Its selection metric reads split/name, as val/accuracy. */
export async function createExperiment(
  db: DataSource,
  project: Project,
  input: CreateExperimentInput,
): Promise<Experiment> {
  const name = cleanText("name", input.name, { min: 1 });
  const question = cleanText("question", input.question, { max: 2_000 });
  const selectionMetric = cleanText("selectionMetric", input.selectionMetric, { min: 1 });
  if (!/^[^/\s]+\/\S+$/.test(selectionMetric)) {
    throw badInput("selectionMetric", "selectionMetric must read split/name, as in val/accuracy or val/loss.");
  }
  const id = await insertExperiment(db, project, { name, question, selectionMetric });
  return db.getRepository(Experiment).findOneByOrFail({ id });
}

/** Stores an experiment whose words are checked; returns its id. */
export async function insertExperiment(
  connection: Connection,
  project: Pick<Project, "id" | "distKey">,
  { name, question, selectionMetric }: Pick<Experiment, "name" | "question" | "selectionMetric">,
): Promise<string> {
  const id = newId("exp");
  await connection.query(
    "INSERT INTO experiment (id, dist_key, project_id, name, question, selection_metric) VALUES ($1, $2, $3, $4, $5, $6)",
    [id, project.distKey, project.id, name, question, selectionMetric],
  );
  return id;
}

/** The database at large, or one connection with its transaction. */
interface Connection {
  query(sql: string, values: unknown[]): Promise<unknown>;
}

/** Changes the words of an experiment; what is null stays. */
export async function updateExperiment(
  db: DataSource,
  experiment: Experiment,
  input: UpdateExperimentInput,
): Promise<Experiment> {
  const name = input.name == null ? experiment.name : cleanText("name", input.name, { min: 1 });
  const question = input.question == null ? experiment.question : cleanText("question", input.question, { max: 2_000 });
  await db.getRepository(Experiment).update({ id: experiment.id }, { name, question });
  return { ...experiment, name, question };
}

/** Experiments of a project, or those of its trash, the newest first. */
export async function listExperiments(
  db: DataSource,
  projectId: string,
  { first, after, trashed }: { first: number; after: string | null; trashed: boolean },
): Promise<Page<Experiment>> {
  const query = db
    .getRepository(Experiment)
    .createQueryBuilder("experiment")
    .where("experiment.projectId = :projectId", { projectId })
    .andWhere(`experiment.trashedAt IS ${trashed ? "NOT NULL" : "NULL"}`)
    .orderBy({ "experiment.createdAt": "DESC", "experiment.id": "DESC" });
  if (after) {
    const [createdAt, id] = decodeCursor(after, 2);
    query.andWhere(
      "(experiment.createdAt, experiment.id) < (to_timestamp(:createdAt::float8 / 1000)::timestamptz(3), :id)",
      { createdAt, id },
    );
  }
  const rows = await query.limit(checkPageSize(first) + 1).getMany();
  return pageOf(rows, first, (experiment) => [experiment.createdAt.getTime(), experiment.id]);
}
