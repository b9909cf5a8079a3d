import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.js";
import { badInput } from "../../errors.js";
import { SplitScore } from "./evaluation.type.js";
import { checkImagePage, ImagePageArgs, JudgedImages } from "./judged-image.type.js";
import { type JudgedSplit, judgedSplit } from "./judged-split.js";
import { rankImages } from "./rank-images.js";
import { showImages } from "./show-images.js";

@Resolver(() => SplitScore)
export class MistakesResolver {
  @FieldResolver(() => JudgedImages, {
    nullable: true,
    description:
      "The images that it got wrong, the most confident mistakes first; of one class, or those taken for one. Null where predictions were not logged.",
  })
  async mistakes(
    @Root() score: SplitScore,
    @Ctx() context: Context,
    @Args(() => ImagePageArgs) page: ImagePageArgs,
    @Arg("truth", () => String, { nullable: true }) truth: string | null,
    @Arg("predicted", () => String, { nullable: true }) predicted: string | null,
  ): Promise<JudgedImages | null> {
    checkImagePage(page);
    const judged = await judgedSplit(context, score);
    if (!judged) return null;
    const { correct, labels, classes, confidences } = judged;
    const [trueClass, takenFor] = [numberOf(judged, "truth", truth), numberOf(judged, "predicted", predicted)];
    const isWanted = (image: number) =>
      correct[image] === 0 &&
      (trueClass === null || labels?.[image] === trueClass) &&
      (takenFor === null || classes[image] === takenFor);
    return showImages(context, [judged], rankImages(classes.length, isWanted, confidences), page);
  }
}

/** Throws BAD_INPUT for a class that the run's dataset does not have. */
function numberOf({ dataset }: JudgedSplit, field: string, name: string | null | undefined): number | null {
  if (name == null) return null;
  const number = dataset?.classes.findIndex((known) => known.name === name) ?? -1;
  if (number >= 0) return number;
  throw badInput(
    field,
    `${field} is ${JSON.stringify(name.slice(0, 80))}; the run's dataset has no class of that name.`,
  );
}
