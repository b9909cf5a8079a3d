import { Field, Float, Int, ObjectType } from "type-graphql";
import { StepScalar } from "../../scalars/step.js";
import { ArchitectureFamily, ArchitectureId } from "./architecture-id.js";

@ObjectType()
export class IntBound {
  @Field(() => Int)
  min: number;

  @Field(() => Int)
  max: number;

  @Field(() => Int)
  default: number;

  @Field(() => Int)
  multipleOf: number;
}

@ObjectType()
export class FloatBound {
  @Field(() => Float)
  min: number;

  @Field(() => Float)
  max: number;

  @Field(() => Float)
  default: number;
}

@ObjectType()
export class TrainingBounds {
  @Field(() => IntBound)
  batchSize: IntBound;

  @Field(() => IntBound)
  epochs: IntBound;

  @Field(() => FloatBound)
  learningRate: FloatBound;

  @Field(() => IntBound)
  evalEvery: IntBound;

  @Field(() => IntBound)
  imageSize: IntBound;

  @Field(() => Int)
  minimumImages: number;

  @Field(() => Int)
  optimalImages: number;

  @Field(() => Int)
  minimumGpuGigabytes: number;
}

/** Counts are those of the published network: 1,000 classes at the default image size. */
@ObjectType({ simpleResolvers: true })
export class Architecture {
  @Field(() => ArchitectureId)
  id: ArchitectureId;

  @Field(() => String)
  name: string;

  @Field(() => ArchitectureFamily)
  family: ArchitectureFamily;

  @Field(() => StepScalar)
  parameters: number;

  @Field(() => StepScalar)
  macs: number;

  @Field(() => Int)
  layers: number;

  @Field(() => Int)
  defaultImageSize: number;

  @Field(() => TrainingBounds)
  bounds: TrainingBounds;
}
