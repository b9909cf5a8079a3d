import { Field, Float, ObjectType } from "type-graphql";
import { NumberScalar } from "../../scalars/number.js";
import { StepScalar } from "../../scalars/step.js";
import { Interval } from "./evaluation.type.js";

@ObjectType({ simpleResolvers: true, description: "The keys of one quantity on each split; null where none is known." })
export class SplitKeys {
  @Field(() => String, { nullable: true })
  train: string | null;

  @Field(() => String, { nullable: true })
  val: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description:
    "What a run calls its accuracy and loss: Residual's own keys, or those of Keras, Lightning, the Trainer and others.",
})
export class RunCurves {
  @Field(() => SplitKeys)
  accuracy: SplitKeys;

  @Field(() => SplitKeys)
  loss: SplitKeys;

  @Field(() => Boolean, { description: "Accuracies are percent: one is above 1, and none above 100." })
  accuracyInPercent: boolean;

  @Field(() => Float, {
    nullable: true,
    description: "The best val accuracy that a run which was logged elsewhere has in its series, as a share.",
  })
  bestValAccuracy: number | null;
}

@ObjectType({
  simpleResolvers: true,
  description:
    "What the series of a run without evaluations tell at its best step; intervals where its config gives the numbers of images.",
})
export class SeriesScore {
  @Field(() => Float, { description: "The step, where config.stepsPerEpoch does not say how many make one." })
  epoch: number;

  @Field(() => StepScalar)
  step: number;

  @Field(() => Interval, { nullable: true })
  trainAccuracy: Interval | null;

  @Field(() => Interval, { nullable: true })
  valAccuracy: Interval | null;

  @Field(() => NumberScalar, { nullable: true })
  trainLoss: number | null;

  @Field(() => NumberScalar, { nullable: true })
  valLoss: number | null;
}
