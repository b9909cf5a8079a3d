import type { MessageValues } from "@residual/shared";
import { Field, ObjectType } from "type-graphql";
import { JsonScalar } from "./scalars/json.js";

@ObjectType({
  description: "A sentence: English text, and the key and values with which a client says it in its own language.",
})
export class Message {
  @Field(() => String)
  key: string;

  @Field(() => JsonScalar)
  values: MessageValues;

  @Field(() => String)
  text: string;
}
