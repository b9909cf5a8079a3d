import {
  budgetUnits,
  fairnessKinds,
  type FairnessKind as Kind,
  type TestMethod as Method,
  selections,
  type GapVerdict as Verdict,
} from "@residual/shared";
import { Field, Float, ID, Int, ObjectType } from "type-graphql";
import { graphqlEnum } from "../../graphql-enum.js";
import { Message } from "../../message.js";
import { Money } from "../../money.js";
import { JsonScalar } from "../../scalars/json.js";
import { NumberScalar } from "../../scalars/number.js";
import { StepScalar } from "../../scalars/step.js";
import { Severity } from "../../severity.js";
import { Architecture } from "../architecture/architecture.type.js";
import { GapVerdict, Interval } from "../evaluation/evaluation.type.js";
import { Run } from "../run/run.entity.js";

export const FairnessKind = graphqlEnum("FairnessKind", fairnessKinds);
export const Selection = graphqlEnum("Selection", selections);
export const BudgetUnit = graphqlEnum("BudgetUnit", budgetUnits);
export const GroupBy = graphqlEnum("GroupBy", ["RUN", "SEED", "ARCHITECTURE"]);
export type GroupBy = keyof typeof GroupBy;
const TestMethod = graphqlEnum("TestMethod", [
  "MCNEMAR_EXACT",
  "MCNEMAR_MID_P",
  "MCNEMAR_CHI_SQUARED",
  "INDEPENDENT_PROPORTIONS",
  "PAIRED_T",
  "WELCH_T",
]);

@ObjectType({ simpleResolvers: true })
export class ComparisonRow {
  @Field(() => String)
  key: string;

  @Field(() => String)
  name: string;

  @Field(() => [Run])
  runs: Run[];

  @Field(() => Architecture, { nullable: true })
  architecture: Architecture | null;

  @Field(() => Float, {
    nullable: true,
    description: "Epoch of the evaluation that stands for the run (null for a group of several runs).",
  })
  epoch: number | null;

  @Field(() => StepScalar, { nullable: true })
  step: number | null;

  @Field(() => Interval, { nullable: true })
  valAccuracy: Interval | null;

  @Field(() => NumberScalar, { nullable: true })
  valLoss: number | null;

  @Field(() => Interval, { nullable: true })
  accuracyGap: Interval | null;

  @Field(() => Interval, { nullable: true })
  lossGap: Interval | null;

  @Field(() => GapVerdict, { nullable: true })
  verdict: Verdict | null;

  @Field(() => Interval, {
    nullable: true,
    description: "Against the baseline; null for the baseline itself and where no evaluation exists.",
  })
  difference: Interval | null;

  @Field(() => Int)
  seeds: number;

  @Field(() => StepScalar, { nullable: true })
  parameters: number | null;

  @Field(() => StepScalar, { nullable: true })
  macs: number | null;

  @Field(() => Float, { nullable: true })
  trainSeconds: number | null;

  @Field(() => Float, { nullable: true })
  imagesPerSecond: number | null;

  @Field(() => Float, { nullable: true })
  secondsPerEpoch: number | null;

  @Field(() => StepScalar, { nullable: true, description: "Peak memory of the training." })
  memoryBytes: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "Median answer of the trained network to one image, on the machine that trained it.",
  })
  latencyMilliseconds: number | null;

  @Field(() => Float, { nullable: true })
  energyWattHours: number | null;

  @Field(() => Money, {
    nullable: true,
    description:
      "What the training took of each worker that held it, at its hourly rate of then; of several runs the mean. Null where one of them has none, while it trains, and for share links.",
  })
  price: Money | null;

  @Field(() => [String], {
    description:
      "Names of the workers that keep it from having a price: without a rate, or with one in another currency.",
  })
  unpricedWorkers: string[];
}

@ObjectType({ simpleResolvers: true })
export class PairedTest {
  @Field(() => ID)
  run: string;

  @Field(() => ID)
  baseline: string;

  @Field(() => TestMethod)
  method: Method;

  @Field(() => Int, { nullable: true })
  onlyRunRight: number | null;

  @Field(() => Int, { nullable: true })
  onlyBaselineRight: number | null;

  @Field(() => Float)
  estimate: number;

  @Field(() => Float)
  low: number;

  @Field(() => Float)
  high: number;

  @Field(() => Float)
  pValue: number;

  @Field(() => Float)
  adjustedPValue: number;

  @Field(() => Int)
  examples: number;

  @Field(() => Float, { nullable: true })
  detectableDifference: number | null;

  @Field(() => StepScalar, {
    nullable: true,
    description:
      "Examples (runs a side for tests over seeds) that would show a difference of the observed size with 80 % power.",
  })
  neededExamples: number | null;
}

@ObjectType()
export class FairnessFinding {
  @Field(() => FairnessKind)
  kind: Kind;

  @Field(() => Severity)
  severity: Severity;

  @Field(() => [ID])
  runs: string[];

  @Field(() => Message)
  message: Message;
}

@ObjectType()
export class ConfigValue {
  @Field(() => ID)
  run: string;

  @Field(() => JsonScalar, { nullable: true })
  value: unknown;
}

@ObjectType()
export class ConfigDifference {
  @Field(() => String)
  field: string;

  @Field(() => [ConfigValue])
  values: ConfigValue[];
}

@ObjectType()
export class Comparison {
  @Field(() => ID, { nullable: true })
  baseline: string | null;

  @Field(() => [ComparisonRow])
  rows: ComparisonRow[];

  @Field(() => [FairnessFinding])
  fairness: FairnessFinding[];

  @Field(() => [PairedTest])
  tests: PairedTest[];

  @Field(() => [ID])
  pareto: string[];

  @Field(() => Message)
  sentence: Message;

  @Field(() => Message, {
    nullable: true,
    description: "What it would take to tell the two apart that the sentence leaves undecided.",
  })
  outlook: Message | null;

  @Field(() => [ConfigDifference])
  configDiff: ConfigDifference[];

  @Field(() => String)
  selectionMetric: string;
}
