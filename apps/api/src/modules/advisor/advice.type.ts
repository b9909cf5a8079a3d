import {
  type AdviceSeverity,
  adviceOutcomes,
  adviceRules,
  type AdviceOutcome as Outcome,
  type AdviceRule as Rule,
} from "@residual/shared";
import { Field, Float, ID, Int, ObjectType } from "type-graphql";
import { graphqlEnum } from "../../graphql-enum.js";
import { Message } from "../../message.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { JsonScalar } from "../../scalars/json.js";
import { Interval } from "../evaluation/evaluation.type.js";
import { Run } from "../run/run.entity.js";

const AdviceRule = graphqlEnum("AdviceRule", adviceRules);
const AdviceOutcome = graphqlEnum("AdviceOutcome", adviceOutcomes);
const AdviceSeverityEnum = graphqlEnum("AdviceSeverity", ["INFO", "WARN", "ERROR"]);

@ObjectType({ simpleResolvers: true, description: "One thing to try." })
export class AdviceAction {
  @Field(() => ID, { description: "For applyAdvice, together with the run." })
  id: string;

  @Field(() => Message)
  message: Message;

  @Field(() => JsonScalar, {
    nullable: true,
    description: "Settings that change; null where nothing that a setting does would help.",
  })
  patch: unknown;

  @Field(() => Float, { nullable: true, description: "Training time in multiples of this run's, by multiply-adds." })
  costFactor: number | null;

  @Field(() => Float, { nullable: true })
  costSeconds: number | null;

  @Field(() => Run, { nullable: true, description: "The run that this action has started already." })
  appliedAs: Run | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "A problem that the run's own record shows, and what to try, in that order.",
})
export class Advice {
  @Field(() => AdviceRule)
  rule: Rule;

  @Field(() => AdviceSeverityEnum)
  severity: AdviceSeverity;

  @Field(() => Message)
  finding: Message;

  @Field(() => [AdviceAction])
  actions: AdviceAction[];
}

@ObjectType({ simpleResolvers: true, description: "The advice that started a run, and whether it helped." })
export class AppliedAdvice {
  @Field(() => AdviceRule)
  rule: Rule;

  @Field(() => ID)
  action: string;

  @Field(() => DateTimeScalar)
  appliedAt: Date;

  @Field(() => AdviceOutcome)
  outcome: Outcome;

  @Field(() => Interval, {
    nullable: true,
    description: "Val accuracy of this run less that of the run it was advised for, tested on the same images.",
  })
  difference: Interval | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "How often an advice was applied in a project, and what came of it.",
})
export class AdviceScore {
  @Field(() => AdviceRule)
  rule: Rule;

  @Field(() => ID)
  action: string;

  @Field(() => Int)
  applied: number;

  @Field(() => Int)
  helped: number;

  @Field(() => Int)
  hurt: number;

  @Field(() => Int)
  noDifferenceShown: number;

  @Field(() => Int)
  pending: number;
}
