import { metricFrameLimits } from "@residual/shared";
import { ArgsType, Field, ID, Int } from "type-graphql";
import { badInput } from "../../errors.js";
import { StepScalar } from "../../scalars/step.js";

const limits = { keys: 100, maxPoints: 100_000, rows: 5_000_000 } as const;

@ArgsType()
export class MetricSeriesArgs {
  @Field(() => [ID])
  runs: string[];

  @Field(() => [String])
  keys: string[];

  @Field(() => StepScalar, { nullable: true })
  from?: number | null;

  @Field(() => StepScalar, { nullable: true })
  to?: number | null;

  @Field(() => Int, { defaultValue: 1000 })
  maxPoints: number;
}

/** Throws BAD_INPUT for keys or maxPoints out of bounds, or where the answer could be larger than a client should ask for at once. */
export function checkSeriesSize(runCount: number, keys: string[], maxPoints: number): void {
  if (keys.length > limits.keys)
    throw badInput("keys", `keys names ${keys.length}; at most ${limits.keys} are served in one request.`, [
      0,
      limits.keys,
    ]);
  const long = keys.find((key) => key.length > metricFrameLimits.keyLength);
  if (long)
    throw badInput(
      "keys",
      `A metric key has at most ${metricFrameLimits.keyLength} characters.`,
      metricFrameLimits.keyLength,
    );
  if (maxPoints < 2 || maxPoints > limits.maxPoints)
    throw badInput("maxPoints", `maxPoints is ${maxPoints}; a series has 2 to ${limits.maxPoints} rows.`, [
      2,
      limits.maxPoints,
    ]);
  const rows = runCount * keys.length * maxPoints;
  if (rows > limits.rows)
    throw badInput(
      "maxPoints",
      `${runCount} runs × ${keys.length} keys × ${maxPoints} rows are ${rows}; at most ${limits.rows} are served at once. Ask for fewer rows a series, or in several requests.`,
      limits.rows,
    );
}
