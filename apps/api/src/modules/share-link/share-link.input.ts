import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { Experiment } from "../experiment/experiment.entity.js";
import { Run } from "../run/run.entity.js";
import { ShareLink, ShareMode, ShareScope } from "./share-link.entity.js";

@InputType()
export class CreateShareLinkInput {
  @Field(() => ShareScope)
  scope: ShareScope;

  @Field(() => ShareMode)
  mode: ShareMode;

  @Field(() => ID, { nullable: true })
  run?: string | null;

  @Field(() => ID, { nullable: true })
  experiment?: string | null;

  @Field(() => [ID], { nullable: true })
  runs?: string[] | null;

  @Field(() => ID, { nullable: true })
  baseline?: string | null;

  @Field(() => String, { defaultValue: "" })
  label: string;

  @Field(() => Int, { nullable: true, defaultValue: 30 })
  expiresInDays: number | null;
}

@ObjectType({ description: "url is shown once: /s/<id>#<secret>. The secret is stored only as its SHA-256." })
export class CreatedShareLink {
  @Field(() => ShareLink)
  shareLink: ShareLink;

  @Field(() => String)
  path: string;
}

@InputType()
export class OpenShareLinkInput {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  secret: string;
}

@ObjectType({ description: "frozenAt: the moment of which a FROZEN link shows the state; null for LIVE." })
export class SharedView {
  @Field(() => ShareLink)
  shareLink: ShareLink;

  @Field(() => DateTimeScalar, { nullable: true })
  frozenAt: Date | null;

  @Field(() => String)
  title: string;

  @Field(() => Run, { nullable: true })
  run: Run | null;

  @Field(() => Experiment, { nullable: true })
  experiment: Experiment | null;

  @Field(() => [Run])
  runs: Run[];
}
