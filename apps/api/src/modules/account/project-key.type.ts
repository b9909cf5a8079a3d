import { Field, ObjectType } from "type-graphql";
import { ApiKey } from "./api-key.entity.js";

@ObjectType({ description: "A key that opens something of a project." })
export class ProjectKey {
  @Field(() => ApiKey)
  apiKey: ApiKey;

  @Field(() => String, {
    nullable: true,
    description: "Who made it; null: the server, or somebody of before there were people.",
  })
  maker: string | null;

  @Field(() => Boolean, {
    description:
      "Whether it works in this project alone. One that works in all that its maker belongs to is theirs: it ends here with their membership.",
  })
  isOfProject: boolean;
}
