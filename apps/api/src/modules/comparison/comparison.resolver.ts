import { Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { shareGrant } from "../../viewer.js";
import { Experiment } from "../experiment/experiment.entity.js";
import { checkRunIds, maxComparedRuns } from "../run/check-run-ids.js";
import { listRuns } from "../run/list-runs.js";
import { newestRuns } from "../run/query/run-list.js";
import { loadRuns } from "../run/run.loader.js";
import { compare } from "./compare.js";
import { ComparisonArgs, checkComparison } from "./comparison.input.js";
import { Comparison } from "./comparison.type.js";

@Resolver(() => Comparison)
export class ComparisonResolver {
  @Allow("READ", "SHARED")
  @Query(() => Comparison)
  async comparison(@Args(() => ComparisonArgs) args: ComparisonArgs, @Ctx() context: Context): Promise<Comparison> {
    checkRunIds(args.runs, maxComparedRuns);
    checkComparison(args);
    const { runs, baseline = null, budgetUnit, budget = null, ...rest } = args;
    const options = { ...rest, baseline, budget: { unit: budgetUnit, amount: budget } };
    return compare(context, await loadRuns(context, runs), options);
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
    const list = newestRuns(experiment.distKey, { experimentId: experiment.id, among: grant?.frozenRunIds ?? null });
    const { nodes } = await listRuns(context, list, maxComparedRuns);
    const runs = grant ? nodes.map((run) => grant.present(run)) : nodes;
    if (runs.length === 0) return null;
    return compare(context, runs.reverse(), { baseline: null, groupBy: "RUN", selection: "BEST" });
  }
}
