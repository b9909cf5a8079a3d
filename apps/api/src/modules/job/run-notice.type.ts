import { type RunNoticeKind as Kind, runNoticeKinds } from "@residual/shared";
import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { graphqlEnum } from "../../graphql-enum.js";
import { Message } from "../../message.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { type Json, JsonScalar } from "../../scalars/json.js";
import { StepScalar } from "../../scalars/step.js";

const RunNoticeKind = graphqlEnum("RunNoticeKind", runNoticeKinds);

@ObjectType({
  simpleResolvers: true,
  description:
    "What a training did on its own account, or met with: it ran out of memory, it diverged, it stopped early.",
})
export class RunNotice {
  @Field(() => StepScalar)
  step: number;

  @Field(() => RunNoticeKind)
  kind: Kind;

  @Field(() => DateTimeScalar)
  createdAt: Date;

  @Field(() => Message)
  message: Message;
}

@InputType({ description: "key, values and text are those of the sentence (see Message)." })
export class AddRunNoticeInput {
  @Field(() => ID)
  job: string;

  @Field(() => Int)
  leaseGeneration: number;

  @Field(() => StepScalar)
  step: number;

  @Field(() => RunNoticeKind)
  kind: Kind;

  @Field(() => String)
  key: string;

  @Field(() => JsonScalar)
  values: Json;

  @Field(() => String)
  text: string;
}
