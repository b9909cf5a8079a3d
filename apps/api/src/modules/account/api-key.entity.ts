import { Field, ObjectType } from "type-graphql";
import { Column, Entity, PrimaryColumn } from "typeorm";
import { Node } from "../../node.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { Scope } from "../../viewer.js";

/** A credential for scripts and workers. The key has 256 random bits, so that its plain SHA-256 is safe to store. */
@Entity()
@ObjectType({ implements: Node })
export class ApiKey implements Node {
  @PrimaryColumn("text")
  id: string;

  @Field(() => String)
  @Column("text")
  name: string;

  @Column("bytea")
  keyHash: Buffer;

  @Field(() => String, { description: "What the key begins with; empty for keys of before there were people." })
  @Column("text")
  prefix: string;

  @Field(() => String)
  @Column("text")
  lastFour: string;

  /** Who made it: it may never do more than they may now. null: the key of the server's own worker, or of before there were people. */
  @Column("text", { nullable: true })
  userId: string | null;

  /** The one project in which it works; null: in all of its maker's. */
  @Column("text", { nullable: true })
  projectId: string | null;

  @Field(() => [Scope])
  @Column("text", { array: true })
  scopes: Scope[];

  @Field(() => DateTimeScalar)
  @Column("timestamptz")
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true })
  @Column("timestamptz", { nullable: true })
  expiresAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  @Column("timestamptz", { nullable: true })
  lastUsedAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  @Column("timestamptz", { nullable: true })
  revokedAt: Date | null;
}
