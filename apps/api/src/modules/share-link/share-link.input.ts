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

  @Field(() => String, { nullable: true, description: "12 to 256 characters; null: the address is enough." })
  password?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "Hides the names of people, machines, workers and datasets, paths, addresses and git remotes, as far as the server knows them.",
  })
  isAnonymous: boolean;

  @Field(() => [String], {
    defaultValue: [],
    description: "Sites whose pages may show it in a frame, as https://wiki.example.org; 20 at most.",
  })
  embedOrigins: string[];
}

@ObjectType({
  description:
    "Both addresses are shown once: path is /s/<id>#<secret>, embedPath /embed/<key>. Secret and key are stored only as their SHA-256.",
})
export class CreatedShareLink {
  @Field(() => ShareLink)
  shareLink: ShareLink;

  @Field(() => String)
  path: string;

  @Field(() => String, { nullable: true, description: "Null for a link that no site may show in a frame." })
  embedPath: string | null;
}

@InputType()
export class OpenShareLinkInput {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  secret: string;

  @Field(() => String, { nullable: true })
  password?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: "Answers with the session's token, for the header Authorization, and sets no cookie. For scripts.",
  })
  asToken: boolean;
}

@InputType()
export class OpenEmbeddedLinkInput {
  @Field(() => String, { description: "What stands after /embed/ in the address." })
  key: string;

  @Field(() => String, { nullable: true })
  password?: string | null;
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

  @Field(() => String, {
    nullable: true,
    description: "Of the session that was opened now, where it was asked for: Authorization: Bearer <token>.",
  })
  token?: string | null;
}
