import { Field, Float, ID, InputType, Int } from "type-graphql";
import { ArchitectureId } from "../architecture/architecture-id.js";
import {
  Augmentation,
  ClassWeighting,
  EvalUnit,
  FreezePolicy,
  Optimizer,
  Precision,
  Schedule,
} from "../architecture/training-config.enum.js";

/** The hyperparameters of a run; the ranges per architecture are checked by packages/shared. */
@InputType()
export class TrainingConfigInput {
  @Field(() => ArchitectureId)
  architecture: ArchitectureId;

  @Field(() => Int)
  batchSize: number;

  @Field(() => Int)
  epochs: number;

  @Field(() => Float)
  learningRate: number;

  @Field(() => Int, { defaultValue: 1 })
  evalEvery: number;

  @Field(() => Int, { defaultValue: 224 })
  imageSize: number;

  @Field(() => Optimizer, { defaultValue: "ADAMW" })
  optimizer: Optimizer;

  @Field(() => Float, { nullable: true })
  weightDecay?: number | null;

  @Field(() => Float, { defaultValue: 0.1 })
  warmupFraction: number;

  @Field(() => Augmentation, { defaultValue: "STANDARD" })
  augmentation: Augmentation;

  @Field(() => Float, { defaultValue: 0 })
  labelSmoothing: number;

  @Field(() => Boolean, { nullable: true })
  freezeBatchNorm?: boolean | null;

  @Field(() => Int, { nullable: true })
  trainImages?: number | null;

  @Field(() => Int, { defaultValue: 0 })
  seed: number;

  @Field(() => EvalUnit, { nullable: true })
  evalUnit?: EvalUnit | null;

  @Field(() => String, { nullable: true })
  initialWeights?: string | null;

  @Field(() => Boolean, { nullable: true })
  beyondGuide?: boolean | null;

  @Field(() => Schedule, { nullable: true })
  schedule?: Schedule | null;

  @Field(() => Float, { nullable: true })
  headLearningRateFactor?: number | null;

  @Field(() => Float, { nullable: true })
  layerDecay?: number | null;

  @Field(() => Float, { nullable: true })
  clipNorm?: number | null;

  @Field(() => Float, { nullable: true })
  emaDecay?: number | null;

  @Field(() => FreezePolicy, { nullable: true })
  freeze?: FreezePolicy | null;

  @Field(() => Float, { nullable: true })
  mixup?: number | null;

  @Field(() => Float, { nullable: true })
  cutmix?: number | null;

  @Field(() => ClassWeighting, { nullable: true })
  classWeighting?: ClassWeighting | null;

  @Field(() => Int, { nullable: true })
  microBatches?: number | null;

  @Field(() => Boolean, { nullable: true })
  gradientCheckpointing?: boolean | null;

  @Field(() => Precision, { nullable: true })
  precision?: Precision | null;

  @Field(() => Int, { nullable: true })
  earlyStopping?: number | null;
}

@InputType()
export class StartRunInput {
  @Field(() => ID)
  experiment: string;

  @Field(() => ID)
  dataset: string;

  @Field(() => TrainingConfigInput)
  config: TrainingConfigInput;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => [String], { defaultValue: [] })
  tags: string[];

  @Field(() => Int, { defaultValue: 0 })
  priority: number;
}

@InputType()
export class RegisterDatasetInput {
  @Field(() => String)
  project: string;

  @Field(() => String)
  name: string;

  @Field(() => String)
  path: string;

  @Field(() => Float, { defaultValue: 0.15 })
  valFraction: number;

  @Field(() => Float, { defaultValue: 0.1 })
  testFraction: number;

  @Field(() => Int, { defaultValue: 0 })
  splitSeed: number;
}
