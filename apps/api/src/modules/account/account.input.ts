import { Field, InputType, Int, ObjectType } from "type-graphql";
import { Scope } from "../../viewer.js";
import { ApiKey } from "./api-key.entity.js";

@InputType()
export class SignInInput {
  @Field(() => String)
  token: string;
}

@InputType()
export class CreateApiKeyInput {
  @Field(() => String)
  name: string;

  @Field(() => [Scope])
  scopes: Scope[];

  @Field(() => String, {
    nullable: true,
    description: "Slug or id of the one project in which it works; null: in all that its maker belongs to.",
  })
  project?: string | null;

  @Field(() => Int, { nullable: true })
  expiresInDays?: number | null;
}

@ObjectType()
export class CreatedApiKey {
  @Field(() => ApiKey)
  apiKey: ApiKey;

  @Field(() => String)
  key: string;
}
