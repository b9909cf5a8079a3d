import { Field, Float, ObjectType } from "type-graphql";
import { Column, Entity, PrimaryColumn } from "typeorm";
import { Node } from "../../node.js";
import { DateTimeScalar } from "../../scalars/date-time.js";

/** The boundary of access: datasets, experiments and keys belong to one. */
@Entity()
@ObjectType({ implements: Node })
export class Project implements Node {
  @PrimaryColumn("text")
  id: string;

  /** First column of the key of every table that belongs to a run: the rows of a project stay together on a cluster. */
  @Column({ type: "bigint", insert: false, update: false })
  distKey: number;

  @Field(() => String)
  @Column("text")
  slug: string;

  @Field(() => String)
  @Column("text")
  name: string;

  @Field(() => Float, {
    description: "From here on a gap between train and val accuracy is one, and worth an alert; a fraction of 1.",
  })
  @Column("double precision", { default: 0.1 })
  gapThreshold: number;

  @Field(() => DateTimeScalar)
  @Column("timestamptz")
  createdAt: Date;
}
