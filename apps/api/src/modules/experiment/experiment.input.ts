import { Field, ID, InputType, ObjectType } from "type-graphql";
import { PageInfo } from "../../page.js";
import { Experiment } from "./experiment.entity.js";

@InputType()
export class CreateExperimentInput {
  @Field(() => String)
  project: string;

  @Field(() => String)
  name: string;

  @Field(() => String, { defaultValue: "" })
  question: string;

  @Field(() => String, { defaultValue: "val/accuracy" })
  selectionMetric: string;
}

@InputType()
export class UpdateExperimentInput {
  @Field(() => ID)
  id: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  question?: string | null;
}

@ObjectType()
export class ExperimentConnection {
  @Field(() => [Experiment])
  nodes: Experiment[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;
}
