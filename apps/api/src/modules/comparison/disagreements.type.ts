import { ArgsType, Field, ID, Int, ObjectType } from "type-graphql";
import { graphqlEnum } from "../../graphql-enum.js";
import { StepScalar } from "../../scalars/step.js";
import { ImagePageArgs, JudgedImages } from "../evaluation/judged-image.type.js";

export const Agreement = graphqlEnum("Agreement", [
  "ONLY_RUN_RIGHT",
  "ONLY_BASELINE_RIGHT",
  "BOTH_WRONG",
  "BOTH_RIGHT",
]);
export type Agreement = keyof typeof Agreement;

@ArgsType()
export class DisagreementArgs extends ImagePageArgs {
  @Field(() => ID)
  run: string;

  @Field(() => ID)
  baseline: string;

  @Field(() => StepScalar, { nullable: true, description: "Of the run's evaluation; left out, its best." })
  runStep?: number | null;

  @Field(() => StepScalar, { nullable: true, description: "Of the baseline's evaluation; left out, its best." })
  baselineStep?: number | null;

  @Field(() => Agreement, { defaultValue: "ONLY_RUN_RIGHT" })
  where: Agreement;
}

@ObjectType({
  simpleResolvers: true,
  description: "Two runs on the same val images, counted by which of them is right.",
})
export class Disagreements {
  @Field(() => Int)
  onlyRunRight: number;

  @Field(() => Int)
  onlyBaselineRight: number;

  @Field(() => Int)
  bothWrong: number;

  @Field(() => Int)
  bothRight: number;

  @Field(() => JudgedImages, {
    description:
      "Those asked for; predictions are the run's, then the baseline's. First those of which a mistake was most confident.",
  })
  images: JudgedImages;
}
