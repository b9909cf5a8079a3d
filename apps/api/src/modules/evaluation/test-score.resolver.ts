import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { checkMeasurer } from "../job/own-job.js";
import { Run } from "../run/run.entity.js";
import { loadRun } from "../run/run.loader.js";
import { predictionsOfTestScore, testScoreOfRun } from "./evaluation.loader.js";
import { LogTestScoreInput, SplitScore } from "./evaluation.type.js";
import { logTestScore } from "./log-test-score.js";
import { toSplitScore } from "./split-score.js";

@Resolver(() => Run)
export class TestScoreResolver {
  @Allow("LOG", "WORK", "MANAGE")
  @Mutation(() => Run)
  async logTestScore(
    @Arg("input", () => LogTestScoreInput) input: LogTestScoreInput,
    @Ctx() context: Context,
  ): Promise<Run> {
    const run = await loadRun(context, input.run);
    await checkMeasurer(context, run, input.leaseGeneration);
    await logTestScore(context, run, input);
    return run;
  }

  @FieldResolver(() => SplitScore, {
    nullable: true,
    description: "The test split, scored once at the end with the weights that were kept. Nothing was chosen by it.",
  })
  async testScore(@Root() run: Run, @Ctx() context: Context): Promise<SplitScore | null> {
    const stored = await context.load(testScoreOfRun).load(run);
    if (!stored) return null;
    const { score, details, arrival, imagesHash } = stored;
    return toSplitScore(
      score,
      { run, split: "test", imagesHash },
      async () => details,
      (context) => context.load(predictionsOfTestScore).load({ run, arrival }),
    );
  }
}
