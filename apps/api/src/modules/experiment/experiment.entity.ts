import { Field, ObjectType } from "type-graphql";
import { Column, Entity, PrimaryColumn } from "typeorm";
import { Node } from "../../node.js";
import { DateTimeScalar } from "../../scalars/date-time.js";

/** A question that groups runs ("which backbone for defects?"), with the metric that answers it. */
@Entity()
@ObjectType({ implements: Node, simpleResolvers: true })
export class Experiment implements Node {
  @PrimaryColumn("text")
  id: string;

  @Column("bigint")
  distKey: number;

  @Column("text")
  projectId: string;

  @Field(() => String)
  @Column("text")
  name: string;

  @Field(() => String)
  @Column("text")
  question: string;

  @Field(() => String)
  @Column("text")
  selectionMetric: string;

  @Field(() => DateTimeScalar)
  @Column("timestamptz")
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: "When it was moved to the trash." })
  @Column("timestamptz", { nullable: true })
  trashedAt: Date | null;
}
