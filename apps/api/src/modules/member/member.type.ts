import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { Role } from "../../viewer.js";

@ObjectType({ simpleResolvers: true, description: "A person in a project." })
export class Member {
  @Field(() => ID)
  userId: string;

  @Field(() => String)
  name: string;

  @Field(() => String, { nullable: true, description: "For owners only." })
  email: string | null;

  @Field(() => Role)
  role: Role;

  @Field(() => DateTimeScalar)
  since: Date;
}

@ObjectType({ simpleResolvers: true, description: "A way into a project for one person, once." })
export class Invite {
  @Field(() => ID)
  id: string;

  @Field(() => Role)
  role: Role;

  @Field(() => String)
  label: string;

  @Field(() => DateTimeScalar)
  createdAt: Date;

  @Field(() => DateTimeScalar)
  expiresAt: Date;
}

@InputType()
export class CreateInviteInput {
  @Field(() => String, { description: "Slug or id." })
  project: string;

  @Field(() => Role)
  role: Role;

  @Field(() => String, { defaultValue: "", description: "Whom it is for; only the owners see it." })
  label: string;

  @Field(() => Int, { defaultValue: 3 })
  expiresInDays: number;
}

@ObjectType({ description: "path is shown once: /join/<id>#<secret>. The secret is stored only as its SHA-256." })
export class CreatedInvite {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  path: string;
}

@InputType()
export class InviteInput {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  secret: string;
}

@InputType()
export class AcceptInviteInput extends InviteInput {
  @Field(() => String, {
    defaultValue: "",
    description: "What others see. Not needed by whoever is signed in already.",
  })
  name: string;

  @Field(() => String, { nullable: true, description: "To sign in with later; only together with a password." })
  email?: string | null;

  @Field(() => String, { nullable: true })
  password?: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "What an invite opens. project: null where it lets a user in again who is there already.",
})
export class OpenInvite {
  @Field(() => String, { nullable: true })
  project: string | null;

  @Field(() => Role, { nullable: true })
  role: Role | null;

  @Field(() => String, { nullable: true })
  user: string | null;

  @Field(() => DateTimeScalar)
  expiresAt: Date;
}
