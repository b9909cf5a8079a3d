import type { GapPairs, GapVerdict } from "@residual/shared";
import { Field, Int, ObjectType } from "type-graphql";
import { Column, Entity, PrimaryColumn } from "typeorm";
import { graphqlEnum } from "../../graphql-enum.js";
import { Node } from "../../node.js";
import { Progress } from "../../progress.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { JsonScalar } from "../../scalars/json.js";
import type { InitialWeights } from "./initial-weights.js";
import type { RunPassport } from "./run-passport.js";

export const RunStatus = graphqlEnum("RunStatus", ["QUEUED", "RUNNING", "FINISHED", "FAILED", "STOPPED"]);
export type RunStatus = keyof typeof RunStatus;

export const RunOrigin = graphqlEnum("RunOrigin", ["TRAINED_HERE", "LOGGED"]);
export type RunOrigin = keyof typeof RunOrigin;

/** A past moment, by the clock and as the last arrival that the run's metrics had then (see metric_stream), and its project's threshold then. */
export type Moment = { at: Date; arrival: number; gapThreshold?: number };

/** One execution of training with one configuration: done by a worker of ours, or logged by any other script. */
@Entity()
@ObjectType({ implements: Node, simpleResolvers: true })
export class Run implements Node {
  @PrimaryColumn("bigint")
  distKey: number;

  @PrimaryColumn("text")
  id: string;

  @Column("text")
  projectId: string;

  @Column("text")
  experimentId: string;

  @Column("text", { nullable: true })
  datasetId: string | null;

  @Field(() => String)
  @Column("text")
  name: string;

  @Field(() => RunStatus)
  @Column("text")
  status: RunStatus;

  /** An ArchitectureId, or null for a run that was logged without one. */
  @Column("text", { nullable: true })
  architecture: string | null;

  @Field(() => JsonScalar)
  @Column("jsonb")
  config: Record<string, unknown>;

  @Field(() => [String])
  @Column("text", { array: true })
  tags: string[];

  @Column("text")
  notes: string;

  @Field(() => Int, { nullable: true })
  @Column("integer", { nullable: true })
  seed: number | null;

  /** Runs that differ in their seed only share it: architecture and a hash of the configuration without the seed. */
  @Field(() => String, { nullable: true })
  @Column("text", { nullable: true })
  group: string | null;

  @Field(() => RunOrigin)
  @Column("text")
  origin: RunOrigin;

  @Column("text", { nullable: true })
  error: string | null;

  @Field(() => DateTimeScalar)
  @Column("timestamptz")
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true })
  @Column("timestamptz", { nullable: true })
  startedAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  @Column("timestamptz", { nullable: true })
  finishedAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  @Column("timestamptz", { nullable: true })
  trashedAt: Date | null;

  /** It went to the trash with its experiment, and comes back with that alone. */
  @Column("boolean")
  trashedWithExperiment: boolean;

  @Field(() => Boolean)
  @Column("boolean")
  stopRequested: boolean;

  @Column("boolean")
  cancelRequested: boolean;

  @Field(() => Progress, { nullable: true })
  @Column("jsonb", { nullable: true })
  progress: Progress | null;

  @Column("jsonb", { nullable: true })
  passport: RunPassport | null;

  @Column("jsonb", { nullable: true })
  environment: unknown;

  /** The generation that may write metrics, evaluations and checkpoints: a claim raises it, later writes of older ones are FENCED. */
  @Column("integer")
  leaseGeneration: number;

  @Column("double precision", { nullable: true })
  measuredImagesPerSecond: number | null;

  @Column("bigint", { nullable: true })
  measuredMemoryBytes: number | null;

  @Column("jsonb", { nullable: true })
  initialWeights: InitialWeights | null;

  @Column("double precision", { nullable: true })
  inferenceImagesPerSecond: number | null;

  @Column("double precision", { nullable: true })
  latencyP50Milliseconds: number | null;

  @Column("double precision", { nullable: true })
  latencyP95Milliseconds: number | null;

  /** Of all lease generations together. */
  @Column("double precision", { nullable: true })
  energyWattHours: number | null;

  /** The sweep that it was started with, the rung of it, and its place among the sweep's configurations. */
  @Column("text", { nullable: true })
  sweepId: string | null;

  @Column("integer", { nullable: true })
  sweepRung: number | null;

  @Column("integer", { nullable: true })
  sweepConfig: number | null;

  /** Which of its series make its gap, where someone has said so; null: found by their names. */
  @Column("jsonb", { nullable: true })
  gapPairs: GapPairs | null;

  /** The accuracy gap at the last evaluation, as evaluation/keep-gap.ts keeps it for lists to sort and filter by; a fraction of 1. */
  @Column("double precision", { nullable: true })
  gap: number | null;

  @Column("double precision", { nullable: true })
  lossGap: number | null;

  @Column("text", { nullable: true })
  gapVerdict: GapVerdict | null;

  /** What the gap was judged by: the version of the rules and the project's threshold. Null: it has to be judged. */
  @Column("integer", { nullable: true })
  gapRule: number | null;

  @Column("double precision", { nullable: true })
  gapThreshold: number | null;

  /** The run that this one was started from, by an advice or as a copy. */
  @Column("text", { nullable: true })
  parentId: string | null;

  /** Of what kind the failure was; null for a run that has not failed, and where it is not known. */
  @Column("text", { nullable: true })
  failureCause: "OUT_OF_MEMORY" | "DIVERGED" | "OTHER" | null;

  /** The moment whose state is shown, set where a frozen share link presents the run; undefined: now. */
  asOf?: Moment;
}
