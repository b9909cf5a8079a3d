import { Field, Int, ObjectType } from "type-graphql";
import { Column, Entity, PrimaryColumn } from "typeorm";
import { graphqlEnum } from "../../graphql-enum.js";
import { Node } from "../../node.js";
import { Progress } from "../../progress.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { DatasetClass, type DuplicateGroup, type UnreadableFile } from "./dataset-scan.js";

export const DatasetStatus = graphqlEnum("DatasetStatus", ["SCANNING", "READY", "FAILED"]);
export type DatasetStatus = keyof typeof DatasetStatus;

/** A folder of class folders on the worker's disk, what its scan found, and how it is split. */
@Entity()
@ObjectType({ implements: Node, simpleResolvers: true })
export class Dataset implements Node {
  @PrimaryColumn("text")
  id: string;

  @Column("bigint")
  distKey: number;

  @Column("text")
  projectId: string;

  @Field(() => String)
  @Column("text")
  name: string;

  /** Absolute path as the worker sees it. Shown to members only. */
  @Column("text")
  path: string;

  @Field(() => DatasetStatus)
  @Column("text")
  status: DatasetStatus;

  @Field(() => DateTimeScalar)
  @Column("timestamptz")
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true })
  @Column("timestamptz", { nullable: true })
  scannedAt: Date | null;

  @Field(() => Progress, { nullable: true, description: "Scan progress while status is SCANNING." })
  @Column("jsonb", { nullable: true })
  progress: Progress | null;

  @Column("text", { nullable: true })
  error: string | null;

  @Field(() => Int)
  @Column("integer")
  imageCount: number;

  @Field(() => [DatasetClass])
  @Column("jsonb")
  classes: DatasetClass[];

  @Field(() => String, {
    nullable: true,
    description:
      "Identity of the exact set of images and labels: SHA-256 over the sorted content hashes with their classes.",
  })
  @Column("text", { nullable: true })
  contentHash: string | null;

  @Column("double precision")
  valFraction: number;

  @Column("double precision")
  testFraction: number;

  @Column("integer")
  splitSeed: number;

  @Column("jsonb")
  duplicates: DuplicateGroup[];

  @Column("jsonb")
  unreadable: UnreadableFile[];

  @Field(() => [String])
  @Column("jsonb")
  warnings: string[];
}
