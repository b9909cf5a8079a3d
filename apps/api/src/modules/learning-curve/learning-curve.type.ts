import { Field, Float, Int, ObjectType } from "type-graphql";
import { Message } from "../../message.js";
import { Interval } from "../evaluation/evaluation.type.js";
import { Run } from "../run/run.entity.js";

@ObjectType({ simpleResolvers: true, description: "A run on part of the train images, at its best epoch." })
export class LearningCurvePoint {
  @Field(() => Run)
  run: Run;

  @Field(() => Int)
  images: number;

  @Field(() => Interval)
  accuracy: Interval;
}

@ObjectType({
  simpleResolvers: true,
  description: "Val accuracy that the fitted curve gives for so many train images.",
})
export class LearningCurveForecast {
  @Field(() => Float)
  images: number;

  @Field(() => Interval)
  accuracy: Interval;
}

@ObjectType({ simpleResolvers: true })
export class LearningCurvePlan {
  @Field(() => [Int], { description: "Train images of the runs that startLearningCurve would start." })
  sizes: number[];

  @Field(() => Float, { description: "Training time of all of them together, in multiples of this run's." })
  costFactor: number;

  @Field(() => Float, { nullable: true })
  costSeconds: number | null;
}

@ObjectType({
  simpleResolvers: true,
  description:
    "How val accuracy rises with the train images: runs that differ in nothing but their number and their seed.",
})
export class LearningCurve {
  @Field(() => [LearningCurvePoint])
  points: LearningCurvePoint[];

  @Field(() => [LearningCurveForecast], {
    description:
      "error = scale · images^(−exponent), from the smallest run to twice the largest; empty for fewer than three sizes.",
  })
  forecast: LearningCurveForecast[];

  @Field(() => Float, { nullable: true })
  exponent: number | null;

  @Field(() => Message, { description: "What twice the train images would be worth." })
  moreData: Message;

  @Field(() => Message, { nullable: true, description: "What the next larger network brought on the same images." })
  biggerNetwork: Message | null;

  @Field(() => LearningCurvePlan, { nullable: true, description: "Null where nothing is left to start." })
  plan: LearningCurvePlan | null;
}
