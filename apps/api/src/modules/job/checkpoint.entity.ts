import { Field, Int, ObjectType } from "type-graphql";
import { Column, Entity, PrimaryColumn } from "typeorm";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { StepScalar } from "../../scalars/step.js";

/** A file of weights and optimizer state on the worker's disk. The row is the commit: without it the file does not count. */
@Entity()
@ObjectType()
export class Checkpoint {
  @PrimaryColumn("bigint")
  distKey: number;

  @PrimaryColumn("text")
  runId: string;

  @Field(() => StepScalar)
  @PrimaryColumn("bigint")
  step: number;

  @Field(() => Int)
  @PrimaryColumn("integer")
  leaseGeneration: number;

  @Field(() => Int)
  @Column("integer")
  epoch: number;

  @Field(() => String)
  @Column("text")
  path: string;

  @Field(() => String)
  @Column("text")
  sha256: string;

  @Field(() => StepScalar)
  @Column("bigint")
  bytes: number;

  @Field(() => DateTimeScalar)
  @Column("timestamptz")
  createdAt: Date;
}
