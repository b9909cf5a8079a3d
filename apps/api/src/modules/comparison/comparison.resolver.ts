import { Args, ArgsType, Ctx, Field, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { shareGrant } from "../../viewer.js";
import { Experiment } from "../experiment/experiment.entity.js";
import { checkRunIds } from "../run/check-run-ids.js";
import { listRuns } from "../run/list-runs.js";
import { loadRuns } from "../run/run.loader.js";
import { compare } from "./compare.js";
import { Comparison, GroupBy, Selection } from "./comparison.type.js";

/** Of an experiment with more, the newest are compared. */
const MAX_RUNS = 300;

@ArgsType()
class ComparisonArgs {
  @Field(() => [ID])
  runs: string[];

  @Field(() => ID, { nullable: true })
  baseline?: string | null;

  @Field(() => GroupBy, { defaultValue: "RUN" })
  groupBy: GroupBy;

  @Field(() => Selection, { defaultValue: "BEST" })
  selection: Selection;
}

@Resolver(() => Comparison)
export class ComparisonResolver {
  @Allow("READ", "SHARED")
  @Query(() => Comparison)
  async comparison(@Args(() => ComparisonArgs) args: ComparisonArgs, @Ctx() context: Context): Promise<Comparison> {
    checkRunIds(args.runs);
    const { groupBy, selection } = args;
    return compare(context, await loadRuns(context, args.runs), {
      baseline: args.baseline ?? null,
      groupBy,
      selection,
    });
  }
}

@Resolver(() => Experiment)
export class ExperimentComparisonResolver {
  @FieldResolver(() => Comparison, {
    nullable: true,
    description: "All runs of the experiment compared; the baseline is the best by the selection metric.",
  })
  async comparison(@Root() experiment: Experiment, @Ctx() context: Context): Promise<Comparison | null> {
    const grant = shareGrant(context.viewer);
    // Reached through a shared run, the experiment is words only: its other runs are not part of the link.
    if (grant && !grant.coversExperiment(experiment)) return null;
    const { projectId, id } = experiment;
    const selection = { projectId, filter: { experiment: id, trashed: false }, among: grant?.frozenRunIds ?? null };
    const { nodes } = await listRuns(context.db, selection, "CREATED_DESC", MAX_RUNS);
    const runs = grant ? nodes.map((run) => grant.present(run)) : nodes;
    if (runs.length === 0) return null;
    return compare(context, runs.reverse(), { baseline: null, groupBy: "RUN", selection: "BEST" });
  }
}
