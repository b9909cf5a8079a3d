import type { DataSource } from "typeorm";
import { AppError, badInput } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { checkPageSize, decodeCursor, type Page, pageOf } from "../../page.js";
import { Project } from "./project.entity.js";
import type { CreateProjectInput } from "./project.input.js";

/** Makes a project. Its slug is part of addresses: BAD_INPUT for other than a-z, 0-9 and dashes, CONFLICT when taken. */
export async function createProject(db: DataSource, input: CreateProjectInput): Promise<Project> {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(input.slug)) {
    throw badInput(
      "slug",
      "slug must be 1 to 63 of a-z, 0-9 and dashes, without a dash at either end, as in retail-defects.",
      [1, 63],
    );
  }
  const name = cleanText("name", input.name, { min: 1 });
  const id = newId("prj");
  const made = await db.query(
    "INSERT INTO project (id, slug, name) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING RETURNING id",
    [id, input.slug, name],
  );
  if (made.length === 0) {
    throw new AppError("CONFLICT", `There is a project ${JSON.stringify(input.slug)} already. Choose another slug.`, {
      field: "slug",
    });
  }
  return db.getRepository(Project).findOneByOrFail({ id });
}

/** Projects in the order of their creation. */
export async function listProjects(db: DataSource, first: number, after?: string | null): Promise<Page<Project>> {
  const query = db.getRepository(Project).createQueryBuilder("project").orderBy("project.id", "ASC");
  if (after) query.where("project.id > :id", { id: decodeCursor(after, 1)[0] });
  const rows = await query.limit(checkPageSize(first) + 1).getMany();
  return pageOf(rows, first, (project) => [project.id]);
}
