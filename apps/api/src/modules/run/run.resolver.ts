import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import { Allow, requireRead, requireScope } from "../../allow.js";
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
import { loadProject } from "../project/project.loader.js";
import { ArchitecturePassport } from "./architecture-passport.js";
import { listRuns } from "./list-runs.js";
import { passportOf } from "./passport-of.js";
import { Run } from "./run.entity.js";
import {
  CreateRunInput,
  FinishRunInput,
  RunConnection,
  RunFilterInput,
  RunOrder,
  UpdateRunInput,
} from "./run.input.js";
import { loadRun } from "./run.loader.js";
import { createRun, finishRun, updateRun } from "./run.service.js";

@ArgsType()
class RunsArgs {
  @Field(() => String)
  project: string;

  @Field(() => RunFilterInput, { nullable: true })
  filter?: RunFilterInput | null;

  @Field(() => RunOrder, { defaultValue: "CREATED_DESC" })
  orderBy: RunOrder;

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
    const { id: projectId } = await loadProject(context, args.project);
    const filter = args.filter ?? { trashed: false };
    return listRuns(context.db, { projectId, filter, among: null }, args.orderBy, args.first, args.after);
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
    if (before.origin !== "LOGGED") requireScope(context.viewer, "MANAGE", "updateRun of a run that a worker trains");
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
    const { projectId, id } = await loadExperiment(context, experiment.id);
    const grant = shareGrant(context.viewer);
    const selection = { projectId, filter: { experiment: id, trashed: false }, among: grant?.frozenRunIds ?? null };
    const page = await listRuns(context.db, selection, "CREATED_DESC", first, after);
    return grant ? { ...page, nodes: page.nodes.map((run) => grant.present(run)) } : page;
  }
}
