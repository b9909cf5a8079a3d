import { Field, ID, ObjectType } from "type-graphql";
import { PageInfo } from "../../page.js";
import { DateTimeScalar } from "../../scalars/date-time.js";

@ObjectType({ simpleResolvers: true, description: "That somebody did something. Entries are only ever added." })
export class AuditEvent {
  @Field(() => ID)
  id: string;

  @Field(() => DateTimeScalar)
  at: Date;

  @Field(() => String, { description: "The mutation." })
  action: string;

  @Field(() => String, { description: "The name of the person or key at that time; empty for nobody." })
  actorName: string;

  @Field(() => String, { description: "OWNER, USER, API_KEY, SHARE_LINK or NOBODY." })
  actorKind: string;

  @Field(() => ID)
  actorId: string;

  @Field(() => [ID], { description: "What it was done to, at most 100." })
  objectIds: string[];

  @Field(() => String, { description: "Of the peer: behind the dashboard that is the dashboard." })
  address: string;

  @Field(() => String, { description: "Under it the log of the API has what went wrong, if anything." })
  requestId: string;
}

@ObjectType()
export class AuditLog {
  @Field(() => [AuditEvent])
  nodes: AuditEvent[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;
}
