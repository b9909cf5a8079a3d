import { defaultRunOrder } from "@residual/shared";
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import { Allow, requireRead, requireScopeIn } from "../../allow.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import { JsonScalar } from "../../scalars/json.js";
import { shareGrant } from "../../viewer.js";
import { architectureOrNull } from "../architecture/architecture.service.js";
import { Architecture } from "../architecture/architecture.type.js";
import { Dataset } from "../dataset/dataset.entity.js";
import { datasetById } from "../dataset/dataset.loader.js";
import { Experiment } from "../experiment/experiment.entity.js";
import { experimentById, loadExperiment } from "../experiment/experiment.loader.js";
import { loadProject, projectById } from "../project/project.loader.js";
import { ArchitecturePassport } from "./architecture-passport.js";
import { checkCountBound, countRuns, listRuns } from "./list-runs.js";
import { passportOf } from "./passport-of.js";
import { newestRuns, runListOf } from "./query/run-list.js";
import { Run } from "./run.entity.js";
import { CreateRunInput, FinishRunInput, RunConnection, RunCount, UpdateRunInput } from "./run.input.js";
import { loadRun } from "./run.loader.js";
import { createRun, finishRun, updateRun } from "./run.service.js";

@ArgsType()
class RunsArgs {
  @Field(() => String)
  project: string;

  @Field(() => String, {
    nullable: true,
    description:
      "In the query language, e.g. `architecture in (resnet101, resnet50) and val/accuracy@best > 0.9 and tag = baseline` (docs/guide/find-runs.md).",
  })
  filter?: string | null;

  @Field(() => String, {
    defaultValue: defaultRunOrder,
    description:
      "Fields, config paths or metrics between commas, e.g. `-val/accuracy@best,name`. Runs without a value come last.",
  })
  orderBy: string;

  @Field(() => Boolean, { defaultValue: false, description: "The runs in the trash instead of all others." })
  trashed: boolean;

  @Field(() => Int, { defaultValue: 50 })
  first: number;

  @Field(() => String, { nullable: true })
  after?: string | null;
}

@Resolver(() => Run)
export class RunResolver {
  @Allow("READ", "SHARED")
  @Query(() => Run, { nullable: true })
  run(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Run> {
    return loadRun(context, id);
  }

  @Allow("READ")
  @Query(() => RunConnection)
  async runs(@Args(() => RunsArgs) args: RunsArgs, @Ctx() context: Context): Promise<RunConnection> {
    const project = await loadProject(context, args.project);
    // The gaps of its runs will ask for its threshold.
    context.load(projectById).prime(project.id, project);
    const { distKey } = project;
    const list = runListOf(distKey, args.filter ?? "", args.orderBy, args.trashed);
    return { ...(await listRuns(context, list, args.first, args.after)), list };
  }

  @FieldResolver(() => Architecture, { nullable: true })
  architecture(@Root() run: Run): Architecture | null {
    return architectureOrNull(run.architecture);
  }

  /** Of a shared run, the experiment's words only: its other runs stay out of reach (see Experiment.runs). */
  @FieldResolver(() => Experiment)
  async experiment(@Root() run: Run, @Ctx() context: Context): Promise<Experiment> {
    const experiment = await context.load(experimentById).load(run.experimentId);
    if (!experiment) throw notFound("experiment", run.experimentId);
    return experiment;
  }

  @FieldResolver(() => Dataset, { nullable: true })
  dataset(@Root() run: Run, @Ctx() context: Context): Promise<Dataset | null> | null {
    return run.datasetId ? context.load(datasetById).load(run.datasetId) : null;
  }

  @FieldResolver(() => ArchitecturePassport, { nullable: true })
  passport(@Root() run: Run, @Ctx() context: Context): Promise<ArchitecturePassport | null> {
    return passportOf(context, run);
  }

  // Notes, reasons of failure and the environment may name people, machines and folders: not for who only has a link.

  @FieldResolver(() => String)
  notes(@Root() run: Run, @Ctx() { viewer }: Context): string {
    return shareGrant(viewer) ? "" : run.notes;
  }

  @FieldResolver(() => String, { nullable: true, description: "Why the run failed, in words, with what to do next." })
  error(@Root() run: Run, @Ctx() { viewer }: Context): string | null {
    return shareGrant(viewer) ? null : run.error;
  }

  @FieldResolver(() => JsonScalar, { nullable: true })
  environment(@Root() run: Run, @Ctx() { viewer }: Context): unknown {
    return shareGrant(viewer) ? null : run.environment;
  }

  @Allow("LOG", "MANAGE")
  @Mutation(() => Run)
  async createRun(@Arg("input", () => CreateRunInput) input: CreateRunInput, @Ctx() context: Context): Promise<Run> {
    const run = await createRun(context.db, await loadExperiment(context, input.experiment), input);
    context.events.runChanged(run, "CREATED");
    return run;
  }

  @Allow("LOG", "MANAGE")
  @Mutation(() => Run)
  async finishRun(@Arg("input", () => FinishRunInput) input: FinishRunInput, @Ctx() context: Context): Promise<Run> {
    const run = await finishRun(context.db, await loadRun(context, input.id), input);
    context.events.runChanged(run, "STATUS");
    return run;
  }

  @Allow("LOG", "MANAGE")
  @Mutation(() => Run)
  async updateRun(@Arg("input", () => UpdateRunInput) input: UpdateRunInput, @Ctx() context: Context): Promise<Run> {
    const before = await loadRun(context, input.id);
    if (before.origin !== "LOGGED")
      requireScopeIn(context.viewer, before.projectId, "MANAGE", "updateRun of a run that a worker trains");
    const run = await updateRun(context.db, before, input);
    context.events.runChanged(run, "UPDATED");
    return run;
  }
}

@Resolver(() => Experiment)
export class ExperimentRunsResolver {
  @FieldResolver(() => RunConnection)
  async runs(
    @Root() experiment: Experiment,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null,
    @Ctx() context: Context,
  ): Promise<RunConnection> {
    requireRead(context.viewer, "Experiment.runs");
    const { distKey, id } = await loadExperiment(context, experiment.id);
    const grant = shareGrant(context.viewer);
    const list = newestRuns(distKey, { experimentId: id, among: grant?.frozenRunIds ?? null });
    const page = await listRuns(context, list, first, after);
    return { ...page, nodes: grant ? page.nodes.map((run) => grant.present(run)) : page.nodes, list };
  }
}

@Resolver(() => RunConnection)
export class RunConnectionResolver {
  @FieldResolver(() => RunCount, {
    description: "Of all pages together. Costs as much as a page: ask once, not with each.",
  })
  async totalCount(
    @Root() { list }: RunConnection,
    @Arg("atMost", () => Int, { defaultValue: 10_000 }) atMost: number,
    @Ctx() context: Context,
  ): Promise<RunCount> {
    checkCountBound(atMost);
    const count = await countRuns(context, list, atMost);
    return { value: Math.min(count, atMost), isExact: count <= atMost };
  }
}
