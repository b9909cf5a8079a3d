import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { graphqlEnum } from "../../graphql-enum.js";
import { PageInfo } from "../../page.js";
import { type Json, JsonScalar } from "../../scalars/json.js";
import { ArchitectureId } from "../architecture/architecture-id.js";
import { Run, RunStatus } from "./run.entity.js";

export const RunOrder = graphqlEnum("RunOrder", ["CREATED_DESC", "CREATED_ASC", "NAME_ASC", "BEST_VAL_ACCURACY_DESC"]);
export type RunOrder = keyof typeof RunOrder;

@InputType()
export class RunFilterInput {
  @Field(() => ID, { nullable: true })
  experiment?: string | null;

  @Field(() => [RunStatus], { nullable: true })
  statuses?: RunStatus[] | null;

  @Field(() => [ArchitectureId], { nullable: true })
  architectures?: ArchitectureId[] | null;

  @Field(() => [String], { nullable: true })
  tags?: string[] | null;

  @Field(() => String, { nullable: true })
  nameContains?: string | null;

  @Field(() => Boolean, { defaultValue: false })
  trashed: boolean;
}

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

@ObjectType()
export class RunConnection {
  @Field(() => [Run])
  nodes: Run[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;

  @Field(() => Int)
  totalCount: number;
}
