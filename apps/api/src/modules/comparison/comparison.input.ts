import {
  defaultMargin,
  type FairnessKind as Kind,
  type Selection as Standing,
  type BudgetUnit as Unit,
} from "@residual/shared";
import { ArgsType, Field, Float, ID } from "type-graphql";
import { badInput } from "../../errors.js";
import { BudgetUnit, FairnessKind, GroupBy, Selection } from "./comparison.type.js";

@ArgsType()
export class ComparisonArgs {
  @Field(() => [ID])
  runs: string[];

  @Field(() => ID, { nullable: true })
  baseline?: string | null;

  @Field(() => GroupBy, { defaultValue: "RUN" })
  groupBy: GroupBy;

  @Field(() => Selection, {
    defaultValue: "BEST",
    description: "Which evaluation stands for a run: its best, its last, or its last within a budget.",
  })
  selection: Standing;

  @Field(() => BudgetUnit, { defaultValue: "IMAGES", description: "What the budget of selection BUDGET counts." })
  budgetUnit: Unit;

  @Field(() => Float, {
    nullable: true,
    description: "The budget, in its unit; left out, the largest that every evaluated run has spent.",
  })
  budget?: number | null;

  @Field(() => Float, {
    defaultValue: defaultMargin,
    description: "Practical equality: no more than so much worse, as a fraction of 1, with 95 % confidence.",
  })
  margin: number;

  @Field(() => [FairnessKind], {
    defaultValue: [],
    description: "Findings that the reader has seen and takes upon himself: they no longer keep the sentence back.",
  })
  acknowledged: Kind[];
}

const marginRange = [0, 0.5] as const;

/** Throws BAD_INPUT for a margin or a budget that is none. */
export function checkComparison({ margin, budget }: Pick<ComparisonArgs, "margin" | "budget">): void {
  const [low, high] = marginRange;
  if (!(margin >= low && margin <= high))
    throw badInput("margin", `margin is ${margin}; it is a fraction from ${low} to ${high}, 0.03 for 3 points.`, [
      low,
      high,
    ]);
  if (budget != null && !(budget > 0))
    throw badInput(
      "budget",
      `budget is ${budget}; it must be above 0. Leave it out for the largest that all runs have spent.`,
      [0, Number.MAX_VALUE],
    );
}
