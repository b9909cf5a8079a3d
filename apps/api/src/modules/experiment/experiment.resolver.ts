import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import { Allow, requireRead } from "../../allow.js";
import type { Context } from "../../context.js";
import { Project } from "../project/project.entity.js";
import { loadProject } from "../project/project.loader.js";
import { Experiment } from "./experiment.entity.js";
import { CreateExperimentInput, ExperimentConnection, UpdateExperimentInput } from "./experiment.input.js";
import { loadExperiment } from "./experiment.loader.js";
import { createExperiment, listExperiments, updateExperiment } from "./experiment.service.js";

@Resolver(() => Experiment)
export class ExperimentResolver {
  @Allow("READ", "SHARED")
  @Query(() => Experiment, { nullable: true })
  experiment(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Experiment> {
    return loadExperiment(context, id);
  }

  @FieldResolver(() => Project)
  async project(@Root() experiment: Experiment, @Ctx() context: Context): Promise<Project> {
    requireRead(context.viewer, "Experiment.project");
    return loadProject(context, experiment.projectId);
  }

  @Allow("MANAGE", "LOG")
  @Mutation(() => Experiment)
  async createExperiment(
    @Arg("input", () => CreateExperimentInput) input: CreateExperimentInput,
    @Ctx() context: Context,
  ): Promise<Experiment> {
    return createExperiment(context.db, await loadProject(context, input.project), input);
  }

  @Allow("MANAGE")
  @Mutation(() => Experiment)
  async updateExperiment(
    @Arg("input", () => UpdateExperimentInput) input: UpdateExperimentInput,
    @Ctx() context: Context,
  ): Promise<Experiment> {
    return updateExperiment(context.db, await loadExperiment(context, input.id), input);
  }
}

@Resolver(() => Project)
export class ProjectExperimentsResolver {
  @FieldResolver(() => ExperimentConnection)
  experiments(
    @Root() project: Project,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null,
    @Arg("trashed", () => Boolean, { defaultValue: false }) trashed: boolean,
    @Ctx() { db }: Context,
  ): Promise<ExperimentConnection> {
    return listExperiments(db, project.id, { first, after, trashed });
  }
}
