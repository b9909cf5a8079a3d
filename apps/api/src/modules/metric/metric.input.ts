import { metricFrameLimits } from "@residual/shared";
import { ArgsType, Field, ID, Int } from "type-graphql";
import type { Context } from "../../context.js";
import { badInput } from "../../errors.js";
import { graphqlEnum } from "../../graphql-enum.js";
import { StepScalar } from "../../scalars/step.js";

const limits = { keys: 100, maxPoints: 100_000, rows: 5_000_000 } as const;

export const KeepPoints = graphqlEnum("KeepPoints", ["LAST", "ALL"]);

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

  @Field(() => KeepPoints, {
    defaultValue: KeepPoints.LAST,
    description:
      "LAST: of points at one step the one that was stored last, and none that a resumed run superseded. ALL: every point that was stored, those of one step in order of storing.",
  })
  keep: keyof typeof KeepPoints;

  @Field(() => Int, {
    nullable: true,
    description: "The runs as this lease generation left them, before later ones resumed from a checkpoint of theirs.",
  })
  attempt?: number | null;

  @Field(() => [String], {
    nullable: true,
    description: "The etags of series that the client has: such a series comes back unchanged, without its columns.",
  })
  have?: string[] | null;
}

/** Rows that an operation has asked for so far, over all its aliases and the runs of its lists. */
const rowsAsked = new WeakMap<Context, number>();

/** Throws BAD_INPUT for keys or maxPoints out of bounds, or where the operation's answer could be larger than a client should ask for at once. */
export function checkSeriesSize(context: Context, runCount: number, keys: string[], maxPoints: number): void {
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
  const before = rowsAsked.get(context) ?? 0;
  const rows = before + runCount * keys.length * maxPoints;
  rowsAsked.set(context, rows);
  if (rows > limits.rows)
    throw badInput(
      "maxPoints",
      `${runCount} runs × ${keys.length} keys × ${maxPoints} rows${before > 0 ? " and what else the operation asks for" : ""} are ${rows}; at most ${limits.rows} are served at once. Ask for fewer rows a series, or in several requests.`,
      limits.rows,
    );
}
