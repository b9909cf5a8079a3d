import { Args, Ctx, Query, Resolver } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { checkImagePage } from "../evaluation/judged-image.type.js";
import { loadRuns } from "../run/run.loader.js";
import { DisagreementArgs, Disagreements } from "./disagreements.type.js";
import { findDisagreements } from "./find-disagreements.js";

@Resolver(() => Disagreements)
export class DisagreementsResolver {
  @Allow("READ", "SHARED")
  @Query(() => Disagreements, {
    nullable: true,
    description:
      "The val images on which two runs differ. Null where one of them logged no predictions, or they were not scored on the same images.",
  })
  async disagreements(
    @Args(() => DisagreementArgs) args: DisagreementArgs,
    @Ctx() context: Context,
  ): Promise<Disagreements | null> {
    checkImagePage(args);
    const [run, baseline] = await loadRuns(context, [args.run, args.baseline]);
    return findDisagreements(context, { run: run!, baseline: baseline! }, args);
  }
}
