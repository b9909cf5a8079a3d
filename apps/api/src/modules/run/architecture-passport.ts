import { Field, Float, Int, ObjectType } from "type-graphql";
import { StepScalar } from "../../scalars/step.js";

@ObjectType({ simpleResolvers: true })
export class ArchitecturePassport {
  @Field(() => StepScalar)
  parameters: number;

  @Field(() => StepScalar)
  macs: number;

  @Field(() => Int)
  imageSize: number;

  @Field(() => Int)
  classes: number;

  @Field(() => StepScalar)
  checkpointBytes: number;

  @Field(() => StepScalar)
  predictedMemoryBytes: number;

  @Field(() => Float, { nullable: true })
  predictedImagesPerSecond: number | null;

  @Field(() => Float, { nullable: true })
  measuredImagesPerSecond: number | null;

  @Field(() => StepScalar, { nullable: true })
  measuredMemoryBytes: number | null;
}
