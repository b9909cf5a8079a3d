import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { PageInfo } from "../../page.js";
import { type Json, JsonScalar } from "../../scalars/json.js";
import { ArchitectureId } from "../architecture/architecture-id.js";
import type { RunList } from "./query/run-list.js";
import { Run, RunStatus } from "./run.entity.js";

@InputType()
export class CreateRunInput {
  @Field(() => ID)
  experiment: string;

  @Field(() => String)
  name: string;

  @Field(() => ArchitectureId, { nullable: true })
  architecture?: ArchitectureId | null;

  /** An object; null is the empty one (GraphQL.js cannot print `{}` as a default). */
  @Field(() => JsonScalar, { nullable: true })
  config?: Json;

  @Field(() => [String], { defaultValue: [] })
  tags: string[];

  @Field(() => Int, { nullable: true })
  seed?: number | null;

  @Field(() => JsonScalar, { nullable: true })
  environment?: Json;
}

@InputType()
export class UpdateRunInput {
  @Field(() => ID)
  id: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  notes?: string | null;

  @Field(() => [String], { nullable: true })
  tags?: string[] | null;
}

@InputType()
export class FinishRunInput {
  @Field(() => ID)
  id: string;

  @Field(() => RunStatus, { defaultValue: "FINISHED" })
  status: RunStatus;

  @Field(() => String, { nullable: true })
  error?: string | null;
}

@ObjectType({ description: "How many runs match, counted up to a bound." })
export class RunCount {
  @Field(() => Int)
  value: number;

  @Field(() => Boolean, { description: "false: there are more than `value`." })
  isExact: boolean;
}

@ObjectType()
export class RunConnection {
  @Field(() => [Run])
  nodes: Run[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;

  /** Counted only where it is asked for. */
  list: RunList;
}
