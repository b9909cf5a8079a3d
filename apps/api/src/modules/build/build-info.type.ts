import { Field, Int, ObjectType } from "type-graphql";
import { DateTimeScalar } from "../../scalars/date-time.js";

@ObjectType()
export class BuildChange {
  @Field(() => String)
  commit: string;

  @Field(() => String)
  subject: string;

  @Field(() => DateTimeScalar)
  at: Date;
}

/** Which software runs here. history: the number of commits behind it. */
@ObjectType()
export class BuildInfo {
  @Field(() => String)
  release: string;

  @Field(() => DateTimeScalar)
  compiledAt: Date;

  @Field(() => String)
  branch: string;

  @Field(() => String)
  commit: string;

  @Field(() => Int)
  history: number;

  @Field(() => [BuildChange])
  changes: BuildChange[];
}
