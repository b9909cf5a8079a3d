import { Field, Float, Int, ObjectType } from "type-graphql";
import { StepScalar } from "../../scalars/step.js";
import { InitialWeights } from "./initial-weights.js";

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

  @Field(() => InitialWeights, { nullable: true, description: "Null while the run's worker has yet to look for them." })
  initialWeights: InitialWeights | null;

  @Field(() => Float, { nullable: true })
  inferenceImagesPerSecond: number | null;

  @Field(() => Float, { nullable: true, description: "Of one image alone: half of the answers took no longer." })
  latencyP50Milliseconds: number | null;

  @Field(() => Float, { nullable: true, description: "Of one image alone: 95 of 100 answers took no longer." })
  latencyP95Milliseconds: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "Of all workers that held the run and could read their device's power.",
  })
  energyWattHours: number | null;
}
