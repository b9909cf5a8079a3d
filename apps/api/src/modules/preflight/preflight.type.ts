import { Field, Float, ObjectType } from "type-graphql";
import { Message } from "../../message.js";
import { Money } from "../../money.js";
import { StepScalar } from "../../scalars/step.js";
import { Severity } from "../../severity.js";

@ObjectType()
export class PreflightFinding {
  @Field(() => Severity)
  severity: Severity;

  @Field(() => String, { nullable: true })
  field: string | null;

  @Field(() => Message)
  message: Message;
}

/** Whether a configuration can be trained, and what it will cost. */
@ObjectType()
export class Preflight {
  @Field(() => Boolean)
  fits: boolean;

  @Field(() => StepScalar)
  parameters: number;

  @Field(() => StepScalar)
  macs: number;

  @Field(() => StepScalar)
  memoryBytes: number;

  @Field(() => StepScalar, { nullable: true })
  availableBytes: number | null;

  @Field(() => Float, { nullable: true })
  secondsPerEpoch: number | null;

  @Field(() => Float, { nullable: true })
  seconds: number | null;

  @Field(() => Money, {
    nullable: true,
    description: "The whole run at the worker's hourly rate; null while its duration or the rate is not known.",
  })
  cost: Money | null;

  @Field(() => StepScalar)
  checkpointBytes: number;

  @Field(() => [PreflightFinding])
  findings: PreflightFinding[];
}
