import type { DataSource } from "typeorm";
import { AppError, badInput } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { checkPageSize, decodeCursor, type Page, pageOf } from "../../page.js";
import type { MemberViewer } from "../../viewer.js";
import { Project } from "./project.entity.js";
import type { CreateProjectInput } from "./project.input.js";

const gapThresholdRange = [0.01, 0.5] as const;

/**
 * Makes a project, whose owner is whoever makes it. Its slug is part of addresses: BAD_INPUT for other than a-z, 0-9 and dashes, CONFLICT when
 * taken. FORBIDDEN for a key that works in some projects only: it would have made itself a way out of them.
 */
export async function createProject(db: DataSource, viewer: MemberViewer, input: CreateProjectInput): Promise<Project> {
  if (viewer.kind === "API_KEY" && viewer.projects)
    throw new AppError("FORBIDDEN", "This key works in its projects only; sign in to make another one.");
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
    `WITH made AS (
       INSERT INTO project (id, slug, name) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING RETURNING id
     ), owned AS (
       INSERT INTO membership (project_id, user_id, role) SELECT id, $4, 'OWNER' FROM made WHERE $4::text IS NOT NULL
     ) SELECT id FROM made`,
    [id, input.slug, name, viewer.userId],
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

/** Projects in the order of their creation; `visible`: of these ids only, null for all. */
export async function listProjects(
  db: DataSource,
  visible: readonly string[] | null,
  first: number,
  after?: string | null,
): Promise<Page<Project>> {
  const query = db.getRepository(Project).createQueryBuilder("project").orderBy("project.id", "ASC");
  if (visible) query.andWhere("project.id = ANY(:visible)", { visible });
  if (after) query.andWhere("project.id > :id", { id: decodeCursor(after, 1)[0] });
  const rows = await query.limit(checkPageSize(first) + 1).getMany();
  return pageOf(rows, first, (project) => [project.id]);
}
