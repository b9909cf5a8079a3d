import { Field, Int, ObjectType } from "type-graphql";
import { Column, Entity, PrimaryColumn } from "typeorm";
import { graphqlEnum } from "../../graphql-enum.js";
import { Node } from "../../node.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import type { FrozenRun } from "./freeze-runs.js";
import type { FrozenSurroundings } from "./freeze-surroundings.js";

export const ShareScope = graphqlEnum("ShareScope", ["RUN", "COMPARISON", "EXPERIMENT"]);
export type ShareScope = keyof typeof ShareScope;

export const ShareMode = graphqlEnum("ShareMode", ["LIVE", "FROZEN"]);
export type ShareMode = keyof typeof ShareMode;

/** An unguessable, revocable, read-only address of a run, a comparison or an experiment. */
@Entity()
@ObjectType({ implements: Node, description: "target: { run } or { experiment } or { runs, baseline }." })
export class ShareLink implements Node {
  @PrimaryColumn("text")
  id: string;

  @Column("text")
  projectId: string;

  /** The link works as long as they may make links; null: of before there were people. */
  @Column("text", { nullable: true })
  createdBy: string | null;

  @Field(() => ShareScope)
  @Column("text")
  scope: ShareScope;

  @Field(() => ShareMode)
  @Column("text")
  mode: ShareMode;

  @Column("text", { nullable: true })
  experimentId: string | null;

  /** What a run or comparison link covers; of a frozen experiment its runs of that moment, of a live one none: they follow from it. */
  @Column("text", { array: true })
  runIds: string[];

  @Column("text", { nullable: true })
  baseline: string | null;

  @Field(() => String)
  @Column("text")
  label: string;

  @Column("bytea")
  secretHash: Buffer;

  @Field(() => DateTimeScalar)
  @Column("timestamptz")
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true })
  @Column("timestamptz", { nullable: true })
  expiresAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  @Column("timestamptz", { nullable: true })
  revokedAt: Date | null;

  @Field(() => Int)
  @Column("integer")
  views: number;

  @Column("timestamptz", { nullable: true })
  frozenAt: Date | null;

  /** The runs' changing fields at that moment, by id. */
  @Column("jsonb", { nullable: true })
  frozenRuns: Record<string, FrozenRun> | null;

  /** Null for a live link, and for one that was frozen before this was kept. */
  @Column("jsonb", { nullable: true })
  frozenSurroundings: FrozenSurroundings | null;

  /** argon2id; null where the address is enough. */
  @Column("text", { nullable: true })
  passwordHash: string | null;

  /** When the sessions that there were have ended, because another password was set; null: never. */
  @Column("timestamptz", { nullable: true })
  accessChangedAt: Date | null;

  /** Shows nothing that names people, machines, folders or datasets. */
  @Field(() => Boolean)
  @Column("boolean")
  isAnonymous: boolean;

  /** SHA-256 of what stands in the address of the embedded view; null where there is none. */
  @Column("bytea", { nullable: true })
  embedHash: Buffer | null;

  @Field(() => [String], { description: "The sites whose pages may show it in a frame; empty: none." })
  @Column("text", { array: true })
  embedOrigins: string[];
}
