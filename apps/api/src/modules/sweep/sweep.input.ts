import { Field, ID, InputType, Int } from "type-graphql";
import { TrainingConfigInput } from "../job/start-run.input.js";

@InputType()
export class StartSweepInput {
  @Field(() => ID)
  experiment: string;

  @Field(() => ID)
  dataset: string;

  @Field(() => [TrainingConfigInput])
  configs: TrainingConfigInput[];

  @Field(() => [Int], { defaultValue: [0] })
  seeds: number[];

  @Field(() => [String], { defaultValue: [] })
  tags: string[];

  @Field(() => Int, {
    nullable: true,
    description:
      "Successive halving: all configurations train for a part of their epochs, one in so many goes on for as many times longer, down to one that trains to its end.",
  })
  keepOneIn?: number | null;
}
