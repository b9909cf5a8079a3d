import { Field, InputType, Int } from "type-graphql";
import { StepScalar } from "../../scalars/step.js";

/** What the worker built: facts of the network at this image size and number of classes, and the memory it expects to need. */
@InputType("PassportInput")
export class RunPassport {
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
}
