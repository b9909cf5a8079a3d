import { Field, Int, ObjectType } from "type-graphql";
import { Column, Entity, PrimaryColumn } from "typeorm";
import { graphqlEnum } from "../../graphql-enum.js";
import { Node } from "../../node.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { StepScalar } from "../../scalars/step.js";

export const JobKind = graphqlEnum("JobKind", ["TRAIN_RUN", "SCAN_DATASET"]);
export type JobKind = keyof typeof JobKind;

export const JobStatus = graphqlEnum("JobStatus", ["QUEUED", "LEASED", "DONE", "FAILED", "CANCELLED"]);
export type JobStatus = keyof typeof JobStatus;

/**
 * A request for work, and the hold of one worker on it. The lease ends by the database's clock; the lease generation
 * rises with every claim and fences whoever held the job before.
 */
@Entity()
@ObjectType({ implements: Node })
export class Job implements Node {
  @PrimaryColumn("text")
  id: string;

  @Column("bigint")
  distKey: number;

  @Column("text")
  projectId: string;

  @Column("text", { nullable: true })
  runId: string | null;

  @Column("text")
  datasetId: string;

  @Field(() => JobKind)
  @Column("text")
  kind: JobKind;

  @Field(() => JobStatus)
  @Column("text")
  status: JobStatus;

  /** Higher first; equal ones in the order of their creation. */
  @Column("integer")
  priority: number;

  @Field(() => Int)
  @Column("integer")
  leaseGeneration: number;

  @Field(() => DateTimeScalar, { nullable: true })
  @Column("timestamptz", { nullable: true })
  leaseUntil: Date | null;

  @Column("text", { nullable: true })
  workerId: string | null;

  /** Claims so far, without those that a worker gave back in good order. */
  @Field(() => Int)
  @Column("integer")
  attempt: number;

  @Field(() => DateTimeScalar)
  @Column("timestamptz")
  createdAt: Date;

  @Field(() => StepScalar, { nullable: true })
  @Column("bigint", { nullable: true })
  resumedFromStep: number | null;

  @Field(() => String, { nullable: true })
  @Column("text", { nullable: true })
  error: string | null;
}
