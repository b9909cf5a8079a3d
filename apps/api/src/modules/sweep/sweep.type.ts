import { Field, Float, Int, ObjectType } from "type-graphql";
import { graphqlEnum } from "../../graphql-enum.js";
import { Node } from "../../node.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { Run } from "../run/run.entity.js";

export const SweepStatus = graphqlEnum("SweepStatus", ["RUNNING", "FINISHED", "STOPPED"]);
export type SweepStatus = keyof typeof SweepStatus;

@ObjectType({ simpleResolvers: true, description: "Runs of a sweep that train for the same part of their epochs." })
export class SweepRung {
  @Field(() => Int, { description: "Configurations that are still in." })
  candidates: number;

  @Field(() => Float, { description: "Part of their epochs." })
  share: number;

  @Field(() => [Run], { description: "Empty before the rung has begun." })
  runs: Run[];
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: "Runs that were started together: configurations × seeds.",
})
export class Sweep implements Node {
  id: string;

  distKey: number;

  projectId: string;

  @Field(() => SweepStatus)
  status: SweepStatus;

  @Field(() => DateTimeScalar)
  createdAt: Date;

  @Field(() => Int, {
    nullable: true,
    description: "Of so many configurations one goes on to the next rung; null: all train to the end.",
  })
  keepOneIn: number | null;

  @Field(() => Float, { description: "Training time in multiples of training every configuration to its end." })
  costFactor: number;

  @Field(() => [SweepRung])
  rungs: SweepRung[];
}
