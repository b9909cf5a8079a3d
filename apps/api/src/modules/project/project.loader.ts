import DataLoader from "dataloader";
import { In } from "typeorm";
import { checkAccess } from "../../access.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import { Project } from "./project.entity.js";

export function projectById({ db }: Context): DataLoader<string, Project | null> {
  return new DataLoader(async (ids) => {
    const projects = await db.getRepository(Project).findBy({ id: In([...ids]) });
    const byId = new Map(projects.map((project) => [project.id, project]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** The project with this slug or id; NOT_FOUND where there is none that the viewer belongs to. Share links do not show projects. */
export async function loadProject(context: Context, slugOrId: string): Promise<Project> {
  // A slug has no underscore, an id always.
  const project = slugOrId.includes("_")
    ? await context.load(projectById).load(slugOrId)
    : await context.db.getRepository(Project).findOneBy({ slug: slugOrId });
  if (!project || context.viewer?.kind === "SHARE_LINK") throw notFound("project", slugOrId);
  checkAccess(context, project.id, "project", slugOrId);
  return project;
}
