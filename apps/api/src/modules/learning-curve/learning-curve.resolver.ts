import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { shareGrant } from "../../viewer.js";
import { Run } from "../run/run.entity.js";
import { loadRun, loadRuns } from "../run/run.loader.js";
import { LearningCurve } from "./learning-curve.type.js";
import { readLearningCurve } from "./read-learning-curve.js";
import { startLearningCurve } from "./start-learning-curve.js";

@Resolver(() => Run)
export class LearningCurveResolver {
  @FieldResolver(() => LearningCurve, {
    nullable: true,
    description: "What more train images would be worth, and a bigger model; null for a run of another script.",
  })
  async learningCurve(@Root() run: Run, @Ctx() context: Context): Promise<LearningCurve | null> {
    return shareGrant(context.viewer) ? null : readLearningCurve(context, run);
  }

  @Allow("MANAGE")
  @Mutation(() => [Run], {
    description: "Starts this run again on 10, 25, 50 and 100 % of the train images, those that have no run yet.",
  })
  async startLearningCurve(@Arg("run", () => ID) id: string, @Ctx() context: Context): Promise<Run[]> {
    const run = await loadRun(context, id);
    const started = await loadRuns(context, await startLearningCurve(context, run));
    for (const one of started) context.events.runChanged(one, "CREATED");
    return started;
  }
}
