import { Field, Float, InputType, Int, ObjectType } from "type-graphql";
import { StepScalar } from "./scalars/step.js";

/** How far a job is: of a run its epochs and optimizer steps, of a scan its files (as steps). */
@ObjectType({ simpleResolvers: true })
@InputType("ProgressInput")
export class Progress {
  @Field(() => Int)
  epoch: number;

  @Field(() => Int)
  epochs: number;

  @Field(() => StepScalar)
  step: number;

  @Field(() => StepScalar)
  steps: number;

  @Field(() => Float, { nullable: true })
  imagesPerSecond?: number | null;

  @Field(() => Float, { nullable: true })
  secondsLeft?: number | null;

  @Field(() => String)
  phase: string;
}
