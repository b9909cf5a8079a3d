import { Arg, Ctx, Float, Int, Mutation, Query, Resolver } from "type-graphql";
import { projectsWith } from "../../access.js";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import type { MemberViewer } from "../../viewer.js";
import { Project } from "./project.entity.js";
import { CreateProjectInput, ProjectConnection } from "./project.input.js";
import { loadProject } from "./project.loader.js";
import { createProject, listProjects, setGapThreshold } from "./project.service.js";

@Resolver(() => Project)
export class ProjectResolver {
  @Allow("READ")
  @Query(() => Project, { nullable: true })
  project(@Arg("slug", () => String) slug: string, @Ctx() context: Context): Promise<Project> {
    return loadProject(context, slug);
  }

  @Allow("READ")
  @Query(() => ProjectConnection)
  projects(
    @Arg("first", () => Int, { defaultValue: 20 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null,
    @Ctx() { db, viewer }: Context,
  ): Promise<ProjectConnection> {
    return listProjects(db, projectsWith(viewer, "READ"), first, after);
  }

  @Allow("MANAGE")
  @Mutation(() => Project)
  createProject(
    @Arg("input", () => CreateProjectInput) input: CreateProjectInput,
    @Ctx() { db, viewer }: Context,
  ): Promise<Project> {
    return createProject(db, viewer as MemberViewer, input);
  }

  @Allow("MANAGE")
  @Mutation(() => Project, { description: "From where on a gap counts in this project, as a fraction of 1." })
  async setGapThreshold(
    @Arg("project", () => String) slug: string,
    @Arg("threshold", () => Float) threshold: number,
    @Ctx() context: Context,
  ): Promise<Project> {
    const project = await setGapThreshold(context.db, await loadProject(context, slug), threshold);
    context.events.gapRuleChanged();
    return project;
  }
}
