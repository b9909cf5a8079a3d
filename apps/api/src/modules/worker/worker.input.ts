import { Field, Float, InputType, Int } from "type-graphql";
import { Money } from "../../money.js";
import { type Json, JsonScalar } from "../../scalars/json.js";
import { StepScalar } from "../../scalars/step.js";
import { WorkerExecutor } from "./worker.entity.js";

@InputType()
export class RegisterWorkerInput {
  @Field(() => String)
  name: string;

  @Field(() => String)
  host: string;

  @Field(() => String)
  backend: string;

  @Field(() => String)
  device: string;

  @Field(() => Float)
  gigaflops: number;

  @Field(() => StepScalar)
  memoryBytes: number;

  @Field(() => Int)
  threads: number;

  @Field(() => String)
  version: string;

  @Field(() => [WorkerExecutor])
  executors: WorkerExecutor[];

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      "The worker's own examination (npm run doctor); null: none yet, and one of an earlier start no longer holds.",
  })
  doctor?: Json;

  @Field(() => Money, {
    nullable: true,
    description: "What an hour of the worker costs; null: nobody said, and what an earlier start said no longer holds.",
  })
  hourlyRate?: Money | null;
}
