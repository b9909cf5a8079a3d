import { calibrationBins, encodeBase64, unpackPredictions } from "@residual/shared";
import { Ctx, FieldResolver, Float, Int, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.js";
import { CalibrationBin, SplitScore } from "./evaluation.type.js";

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

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "Base64 of four bytes an image, in the split's order: a little-endian uint16 of the predicted class, then one whose highest bit says whether it is right and whose others hold the confidence in steps of 1/32767. Null where that was not logged.",
  })
  async packedPredictions(@Root() { predictions }: SplitScore, @Ctx() context: Context): Promise<string | null> {
    const packed = (await predictions(context))?.packed;
    return packed ? encodeBase64(packed) : null;
  }

  @FieldResolver(() => [CalibrationBin], {
    nullable: true,
    description: "The reliability diagram, in 15 bins of confidence; null where no confidences were logged.",
  })
  async calibration(@Root() { predictions }: SplitScore, @Ctx() context: Context): Promise<CalibrationBin[] | null> {
    const packed = (await predictions(context))?.packed;
    if (!packed) return null;
    const { confidences, correct } = unpackPredictions(packed);
    return calibrationBins(confidences, correct);
  }
}
