import type { GraphQLError } from "graphql";
import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { F64ColumnScalar, StepColumnScalar } from "../../scalars/columns.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { MetricFrameScalar, type ReceivedFrame } from "../../scalars/metric-frame.js";
import { NumberScalar } from "../../scalars/number.js";
import { StepScalar } from "../../scalars/step.js";

@ObjectType({ simpleResolvers: true })
export class MetricSummary {
  @Field(() => String)
  key: string;

  @Field(() => StepScalar)
  count: number;

  @Field(() => NumberScalar)
  last: number;

  @Field(() => StepScalar)
  lastStep: number;

  @Field(() => NumberScalar, { nullable: true })
  min: number | null;

  @Field(() => NumberScalar, { nullable: true })
  max: number | null;

  @Field(() => NumberScalar, { nullable: true })
  best: number | null;

  @Field(() => StepScalar, { nullable: true })
  bestStep: number | null;
}

@ObjectType({ simpleResolvers: true })
export class MetricPoint {
  @Field(() => StepScalar)
  step: number;

  @Field(() => DateTimeScalar)
  time: Date;

  @Field(() => NumberScalar)
  value: number;
}

@ObjectType({ simpleResolvers: true })
export class Series {
  @Field(() => ID)
  run: string;

  @Field(() => String)
  key: string;

  @Field(() => StepScalar)
  count: number;

  @Field(() => Boolean)
  exact: boolean;

  @Field(() => Boolean, {
    description: "True where the client said in `have` that it has just this: then the columns are empty.",
  })
  unchanged: boolean;

  @Field(() => StepColumnScalar)
  step: Float64Array;

  @Field(() => StepColumnScalar)
  time: Float64Array;

  @Field(() => F64ColumnScalar)
  value: Float64Array;

  @Field(() => F64ColumnScalar, { nullable: true })
  min: Float64Array | null;

  @Field(() => F64ColumnScalar, { nullable: true })
  max: Float64Array | null;

  /** What its etag begins with; null where it has none. */
  version: (() => string) | null;
}

@ObjectType()
export class Integrity {
  @Field(() => StepScalar)
  pointsAcknowledged: number;

  @Field(() => StepScalar)
  pointsStored: number;

  @Field(() => Int)
  framesDuplicated: number;

  @Field(() => StepScalar)
  pointsSuperseded: number;
}

@ObjectType({
  description:
    "What is new of one run since its last update, columnar: one Series a key. Its points in order of arrival (exact), or thinned to the rows asked for, by step.",
})
export class MetricUpdate {
  @Field(() => ID)
  run: string;

  @Field(() => String)
  cursor: string;

  @Field(() => [Series])
  series: Series[];

  @Field(() => Boolean)
  replayed: boolean;

  @Field(() => StepScalar, {
    nullable: true,
    description: "A later lease generation superseded points after this step: drop them.",
  })
  supersededAfter: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      "Set where this subscriber fell behind: since when there was something that it was not told, because it read too slowly or the database was away. This update and those that follow bring it.",
  })
  behindSince: Date | null;
}

@InputType({
  description:
    "frames: what this writer flushes now, at most 65,536 points packed or 10,000 in JSON; seq counts a writer's requests 1, 2, 3 … without a gap.",
})
export class LogMetricsInput {
  @Field(() => ID)
  run: string;

  @Field(() => String)
  writer: string;

  @Field(() => StepScalar)
  seq: number;

  @Field(() => Int, { defaultValue: 0 })
  leaseGeneration: number;

  @Field(() => MetricFrameScalar)
  frame: ReceivedFrame | GraphQLError;

  @Field(() => StepScalar, { nullable: true })
  resendOf?: number | null;
}

@ObjectType()
export class LogReceipt {
  @Field(() => String)
  writer: string;

  @Field(() => StepScalar)
  ackedSeq: number;

  @Field(() => Int)
  points: number;

  @Field(() => Boolean)
  duplicate: boolean;
}
