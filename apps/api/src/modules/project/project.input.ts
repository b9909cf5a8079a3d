import { Field, InputType, ObjectType } from "type-graphql";
import { PageInfo } from "../../page.js";
import { Project } from "./project.entity.js";

@InputType()
export class CreateProjectInput {
  @Field(() => String)
  slug: string;

  @Field(() => String)
  name: string;
}

@ObjectType()
export class ProjectConnection {
  @Field(() => [Project])
  nodes: Project[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;
}
