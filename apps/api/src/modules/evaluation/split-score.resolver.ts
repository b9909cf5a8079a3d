import { Ctx, FieldResolver, Float, Int, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.js";
import { SplitScore } from "./evaluation.type.js";

/** What is large, or rarely asked for of many runs. */
@Resolver(() => SplitScore)
export class SplitScoreResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: "Images whose class was among the five that were held most probable; null where that was not logged.",
  })
  async top5Correct(@Root() { details }: SplitScore, @Ctx() context: Context): Promise<number | null> {
    return (await details(context))?.top5Correct ?? null;
  }

  @FieldResolver(() => Float, { nullable: true, description: "Mean of the classes' recalls." })
  async balancedAccuracy(@Root() { details }: SplitScore, @Ctx() context: Context): Promise<number | null> {
    return (await details(context))?.balancedAccuracy ?? null;
  }

  @FieldResolver(() => Float, { nullable: true, description: "Mean of the classes' F1." })
  async macroF1(@Root() { details }: SplitScore, @Ctx() context: Context): Promise<number | null> {
    return (await details(context))?.macroF1 ?? null;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: "How far confidence is from accuracy, on average over 15 bins of confidence.",
  })
  async expectedCalibrationError(@Root() { details }: SplitScore, @Ctx() context: Context): Promise<number | null> {
    return (await details(context))?.expectedCalibrationError ?? null;
  }

  @FieldResolver(() => [Float], {
    nullable: "itemsAndList",
    description: "By class, in the dataset's order; null where the split has no image of it.",
  })
  async classRecalls(@Root() { details }: SplitScore, @Ctx() context: Context): Promise<(number | null)[] | null> {
    return (await details(context))?.classRecalls ?? null;
  }
}
