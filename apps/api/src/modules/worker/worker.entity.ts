import { Field, Float, InputType, Int, ObjectType } from "type-graphql";
import { Column, Entity, PrimaryColumn } from "typeorm";
import { Money } from "../../money.js";
import { Node } from "../../node.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { JsonScalar } from "../../scalars/json.js";
import { StepScalar } from "../../scalars/step.js";

@ObjectType()
@InputType("WorkerExecutorInput")
export class WorkerExecutor {
  @Field(() => String)
  name: string;

  @Field(() => Boolean)
  available: boolean;

  @Field(() => Boolean)
  chosen: boolean;

  @Field(() => Float, { nullable: true })
  gigaflops?: number | null;

  @Field(() => String)
  detail: string;
}

/** A process that claims jobs. One that starts again under the same name on the same host keeps its row. */
@Entity()
@ObjectType({ implements: Node })
export class Worker implements Node {
  @PrimaryColumn("text")
  id: string;

  /** The key under which it registered last: no other acts for it. null: of before keys were kept. */
  @Column("text", { nullable: true })
  keyId: string | null;

  /** The one project whose jobs it takes, as its key says; null: those of all. */
  @Column("text", { nullable: true })
  projectId: string | null;

  @Field(() => String)
  @Column("text")
  name: string;

  @Field(() => String)
  @Column("text")
  host: string;

  @Field(() => String)
  @Column("text")
  backend: string;

  @Field(() => String)
  @Column("text")
  device: string;

  @Field(() => Float)
  @Column("double precision")
  gigaflops: number;

  @Field(() => StepScalar)
  @Column("bigint")
  memoryBytes: number;

  @Field(() => Int)
  @Column("integer")
  threads: number;

  @Field(() => String)
  @Column("text")
  version: string;

  @Field(() => [WorkerExecutor], {
    description: "Every executor that was tried at start, why it was or was not chosen, and how fast it was.",
  })
  @Column("jsonb")
  executors: WorkerExecutor[];

  @Field(() => JsonScalar, {
    nullable: true,
    description: "What the worker found when it last examined its machine (npm run doctor); null before that.",
  })
  @Column("jsonb", { nullable: true })
  doctor: unknown;

  @Field(() => Money, { nullable: true, description: "What an hour of it costs, as whoever runs it has said." })
  @Column("jsonb", { nullable: true })
  hourlyRate: Money | null;

  @Field(() => DateTimeScalar)
  @Column("timestamptz")
  startedAt: Date;

  @Field(() => DateTimeScalar)
  @Column("timestamptz")
  lastSeenAt: Date;
}
