import { gapMeasures, gapVerdicts, type GapMeasure as Measure, type GapVerdict as Verdict } from "@residual/shared";
import { Field, Float, ID, InputType, Int, ObjectType } from "type-graphql";
import type { Context } from "../../context.js";
import { graphqlEnum } from "../../graphql-enum.js";
import { Message } from "../../message.js";
import { F64ColumnScalar } from "../../scalars/columns.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { NumberScalar } from "../../scalars/number.js";
import { StepScalar } from "../../scalars/step.js";
import { Run } from "../run/run.entity.js";
import type { EvaluationKey, StoredPredictions } from "./read-details.js";
import type { ScoreDetails } from "./score-values.js";

export const GapVerdict = graphqlEnum("GapVerdict", gapVerdicts);
const GapMeasure = graphqlEnum("GapMeasure", gapMeasures);

@ObjectType({ simpleResolvers: true })
export class Interval {
  @Field(() => NumberScalar)
  estimate: number;

  @Field(() => NumberScalar, { nullable: true })
  low: number | null;

  @Field(() => NumberScalar, { nullable: true })
  high: number | null;
}

@InputType({
  description:
    "One split scored with one set of weights in evaluation mode, un-augmented. losses and predictions are per image, in the split's order: base64 of float32, and of the class in one or two bytes, or of four (a little-endian uint16 of the class, then one whose highest bit says whether it is right and whose others hold the confidence in steps of 1/32767).",
})
export class SplitScoreInput {
  @Field(() => Int)
  examples: number;

  @Field(() => Int)
  correct: number;

  @Field(() => NumberScalar)
  meanLoss: number;

  @Field(() => NumberScalar, { nullable: true })
  lossVariance?: number | null;

  @Field(() => String, { nullable: true })
  predictions?: string | null;

  @Field(() => String, { nullable: true })
  losses?: string | null;

  @Field(() => String, { nullable: true })
  imagesHash?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: "Images whose class is among the five that are held most probable.",
  })
  top5Correct?: number | null;

  @Field(() => Float, { nullable: true })
  balancedAccuracy?: number | null;

  @Field(() => Float, { nullable: true })
  macroF1?: number | null;

  @Field(() => Float, { nullable: true })
  expectedCalibrationError?: number | null;

  @Field(() => [Float], {
    nullable: "itemsAndList",
    description: "By class, in the dataset's order; null where the split has no image of it.",
  })
  classRecalls?: (number | null)[] | null;
}

@InputType({
  description: "The test split, scored once at a run's end with the weights that it keeps (those of `step`).",
})
export class LogTestScoreInput {
  @Field(() => ID)
  run: string;

  @Field(() => Int, { defaultValue: 0 })
  leaseGeneration: number;

  @Field(() => StepScalar)
  step: number;

  @Field(() => SplitScoreInput)
  score: SplitScoreInput;
}

@InputType()
export class LogEvaluationInput {
  @Field(() => ID)
  run: string;

  @Field(() => Float)
  epoch: number;

  @Field(() => StepScalar)
  step: number;

  @Field(() => Int, { defaultValue: 0 })
  leaseGeneration: number;

  @Field(() => SplitScoreInput)
  train: SplitScoreInput;

  @Field(() => SplitScoreInput)
  val: SplitScoreInput;
}

/** Whose score of which images. */
export interface ScoredSplit {
  readonly run: Run;
  readonly split: "train" | "val" | "test";
  /** As the writer named the images in their order; null where it did not. */
  readonly imagesHash: string | null;
}

@ObjectType({ simpleResolvers: true })
export class SplitScore {
  @Field(() => Int)
  examples: number;

  @Field(() => Int)
  correct: number;

  @Field(() => Interval)
  accuracy: Interval;

  @Field(() => NumberScalar)
  meanLoss: number;

  /** What was scored, for what is asked of single images. */
  source: ScoredSplit;

  /** What is read only when asked for. */
  details: (context: Context) => Promise<ScoreDetails | null>;
  predictions: (context: Context) => Promise<StoredPredictions | null>;
}

@ObjectType({ simpleResolvers: true, description: "The images whose confidence is above low and up to high." })
export class CalibrationBin {
  @Field(() => Float)
  low: number;

  @Field(() => Float)
  high: number;

  @Field(() => Int)
  examples: number;

  @Field(() => Float, { nullable: true })
  meanConfidence: number | null;

  @Field(() => Float, { nullable: true })
  accuracy: number | null;
}

@ObjectType({ simpleResolvers: true })
export class Evaluation {
  @Field(() => Float)
  epoch: number;

  @Field(() => StepScalar)
  step: number;

  @Field(() => DateTimeScalar)
  createdAt: Date;

  @Field(() => SplitScore)
  train: SplitScore;

  @Field(() => SplitScore)
  val: SplitScore;

  @Field(() => Interval)
  accuracyGap: Interval;

  @Field(() => Interval)
  lossGap: Interval;

  /** Which row it is, for what is read only when asked for: the predictions. */
  source: EvaluationKey;
}

@ObjectType({
  simpleResolvers: true,
  description: "The series that tell of the gap of a run that was logged elsewhere.",
})
export class MetricPair {
  @Field(() => String)
  train: string;

  @Field(() => String)
  val: string;
}

@InputType()
export class MetricPairInput {
  @Field(() => String)
  train: string;

  @Field(() => String)
  val: string;
}

@ObjectType({ simpleResolvers: true })
export class GeneralizationGap {
  @Field(() => GapVerdict)
  verdict: Verdict;

  @Field(() => GapMeasure, {
    description:
      "What it is measured in: accuracy (or an error rate), another score from 0 to 1, or losses where only they were logged.",
  })
  measure: Measure;

  @Field(() => Interval, {
    nullable: true,
    description: "Train minus val at the last evaluation, of the accuracy or the other score; null with losses alone.",
  })
  accuracy: Interval | null;

  @Field(() => Interval, { nullable: true })
  loss: Interval | null;

  @Field(() => Interval, { nullable: true })
  best: Interval | null;

  @Field(() => Float, { nullable: true })
  bestEpoch: number | null;

  @Field(() => Float, { nullable: true })
  onsetEpoch: number | null;

  @Field(() => Float, { nullable: true })
  wastedEpochs: number | null;

  @Field(() => Float, { nullable: true, description: "Seconds from the evaluation of the onset to the last one." })
  wastedSeconds: number | null;

  @Field(() => Message, { description: "One sentence as a key and its numbers, so that every language can say it." })
  explanation: Message;

  @Field(() => [Float], { description: "Row i belongs to evaluation i." })
  epochs: number[];

  @Field(() => F64ColumnScalar)
  accuracyGaps: Float64Array;

  @Field(() => F64ColumnScalar)
  accuracyLow: Float64Array;

  @Field(() => F64ColumnScalar)
  accuracyHigh: Float64Array;

  @Field(() => F64ColumnScalar)
  lossGaps: Float64Array;

  @Field(() => [MetricPair], {
    description: "The series that it is read from; empty where the run logged evaluations.",
  })
  pairs: MetricPair[];

  @Field(() => Message, {
    nullable: true,
    description: "What makes the gap less than it should be; null for evaluations.",
  })
  reservation: Message | null;

  @Field(() => Int, { description: "Of the rules that gave the verdict." })
  ruleVersion: number;

  @Field(() => Float, { nullable: true, description: "The project's threshold, as a fraction of 1." })
  threshold: number | null;
}

@ObjectType()
export class GapAlert {
  @Field(() => Run)
  run: Run;

  @Field(() => GeneralizationGap)
  gap: GeneralizationGap;

  @Field(() => DateTimeScalar)
  at: Date;
}
