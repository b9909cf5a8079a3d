import { Field, Float, ID, InputType, Int, ObjectType } from "type-graphql";
import { graphqlEnum } from "../../graphql-enum.js";
import { Progress } from "../../progress.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { type Json, JsonScalar } from "../../scalars/json.js";
import { StepScalar } from "../../scalars/step.js";
import { Dataset } from "../dataset/dataset.entity.js";
import { DatasetClass, DuplicateGroup, UnreadableFile } from "../dataset/dataset-scan.js";
import { InitialWeights } from "../run/initial-weights.js";
import { Run } from "../run/run.entity.js";
import { RunPassport } from "../run/run-passport.js";
import { Checkpoint } from "./checkpoint.entity.js";
import { Job, JobKind, JobStatus } from "./job.entity.js";

const FailureCause = graphqlEnum("FailureCause", ["OUT_OF_MEMORY", "DIVERGED", "OTHER"]);
type FailureCause = keyof typeof FailureCause;

@InputType()
export class ClaimJobInput {
  @Field(() => ID)
  worker: string;

  @Field(() => [JobKind], { defaultValue: ["TRAIN_RUN", "SCAN_DATASET"] })
  kinds: JobKind[];
}

@ObjectType()
export class ClaimedJob {
  @Field(() => Job)
  job: Job;

  @Field(() => Int)
  leaseGeneration: number;

  @Field(() => Float)
  leaseSeconds: number;

  @Field(() => Run, { nullable: true })
  run: Run | null;

  @Field(() => Dataset)
  dataset: Dataset;

  @Field(() => JsonScalar)
  splitOptions: Json;

  @Field(() => Checkpoint, { nullable: true })
  checkpoint: Checkpoint | null;
}

/** A lease, as its holder names it in every request. */
@InputType()
abstract class LeaseInput {
  @Field(() => ID)
  job: string;

  @Field(() => Int)
  leaseGeneration: number;
}

@InputType({
  description:
    "After a claim, once the worker knows from which checkpoint it goes on (0: from the start). Points of earlier generations beyond that step are superseded.",
})
export class BeginJobInput extends LeaseInput {
  @Field(() => StepScalar, { defaultValue: 0 })
  resumedFromStep: number;

  @Field(() => JsonScalar, { nullable: true })
  environment?: Json;

  @Field(() => RunPassport, { nullable: true })
  passport?: RunPassport | null;

  @Field(() => InitialWeights, {
    nullable: true,
    description:
      "Where the config says AUTO and the source is RANDOM, the run's config becomes that of a training from scratch.",
  })
  initialWeights?: InitialWeights | null;
}

@InputType()
export class HeartbeatInput extends LeaseInput {
  @Field(() => Progress, { nullable: true })
  progress?: Progress | null;

  @Field(() => JsonScalar, { nullable: true, description: "The worker's own examination; replaces the last one." })
  doctor?: Json;
}

export const WorkerRequest = graphqlEnum("WorkerRequest", ["CONTINUE", "STOP", "CANCEL"]);
export type WorkerRequest = keyof typeof WorkerRequest;

@ObjectType()
export class Heartbeat {
  @Field(() => DateTimeScalar)
  leaseUntil: Date;

  @Field(() => WorkerRequest)
  request: WorkerRequest;
}

@InputType()
export class CommitCheckpointInput extends LeaseInput {
  @Field(() => StepScalar)
  step: number;

  @Field(() => Int)
  epoch: number;

  @Field(() => String)
  path: string;

  @Field(() => String)
  sha256: string;

  @Field(() => StepScalar)
  bytes: number;
}

@InputType({
  description:
    "Which file is which image of a split, in the order of its predictions: base64 of a gzipped list, of which each entry is 16 hexadecimal digits of the SHA-256 of the file, a space, its path from the dataset's folder on, and a NUL.",
})
export class ImageListInput {
  @Field(() => String, { description: "val or test" })
  split: string;

  @Field(() => String)
  imagesHash: string;

  @Field(() => String)
  images: string;
}

@InputType()
export class ReportDatasetScanInput extends LeaseInput {
  @Field(() => String)
  contentHash: string;

  @Field(() => Int)
  imageCount: number;

  @Field(() => [DatasetClass])
  classes: DatasetClass[];

  @Field(() => [DuplicateGroup])
  duplicates: DuplicateGroup[];

  @Field(() => [UnreadableFile])
  unreadable: UnreadableFile[];

  @Field(() => [String])
  warnings: string[];

  @Field(() => [ImageListInput], { nullable: true })
  imageLists?: ImageListInput[] | null;
}

@InputType({
  description: "status: DONE, FAILED (with the reason), or QUEUED to give the job back (a worker that shuts down).",
})
export class FinishJobInput extends LeaseInput {
  @Field(() => JobStatus)
  status: JobStatus;

  @Field(() => Boolean, { defaultValue: false })
  stopped: boolean;

  @Field(() => String, { nullable: true })
  error?: string | null;

  @Field(() => FailureCause, { nullable: true, description: "Of what kind the failure was, for the advisor." })
  cause?: FailureCause | null;

  @Field(() => Float, { nullable: true })
  measuredImagesPerSecond?: number | null;

  @Field(() => StepScalar, { nullable: true })
  measuredMemoryBytes?: number | null;

  @Field(() => Float, { nullable: true })
  inferenceImagesPerSecond?: number | null;

  @Field(() => Float, { nullable: true })
  latencyP50Milliseconds?: number | null;

  @Field(() => Float, { nullable: true })
  latencyP95Milliseconds?: number | null;

  @Field(() => Float, { nullable: true, description: "Of this lease; those of a run's leases are added up." })
  energyWattHours?: number | null;
}
