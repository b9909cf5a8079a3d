import type { DataSource } from "typeorm";
import { AppError, badInput } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { checkPageSize, decodeCursor, type Page, pageOf } from "../../page.js";
import { Project } from "./project.entity.js";
import type { CreateProjectInput } from "./project.input.js";

const gapThresholdRange = [0.01, 0.5] as const;

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

/** Changes from where on a gap counts in this project. Throws BAD_INPUT outside 1 to 50 points. */
export async function setGapThreshold(db: DataSource, project: Project, threshold: number): Promise<Project> {
  const [low, high] = gapThresholdRange;
  if (!(threshold >= low && threshold <= high))
    throw badInput(
      "threshold",
      `threshold is ${threshold}; it is a fraction from ${low} to ${high}, 0.1 for 10 points.`,
      [low, high],
    );
  await db.query("UPDATE project SET gap_threshold = $2 WHERE id = $1", [project.id, threshold]);
  return db.getRepository(Project).findOneByOrFail({ id: project.id });
}

/** Projects in the order of their creation. */
export async function listProjects(db: DataSource, first: number, after?: string | null): Promise<Page<Project>> {
  const query = db.getRepository(Project).createQueryBuilder("project").orderBy("project.id", "ASC");
  if (after) query.where("project.id > :id", { id: decodeCursor(after, 1)[0] });
  const rows = await query.limit(checkPageSize(first) + 1).getMany();
  return pageOf(rows, first, (project) => [project.id]);
}
