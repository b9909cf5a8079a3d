import { configDifferences, storedTrainingConfig, type TrainingConfigInput } from "@residual/shared";
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.js";
import { JsonScalar } from "../../scalars/json.js";
import { shareGrant } from "../../viewer.js";
import { Run } from "./run.entity.js";
import { childrenOfRun, runById } from "./run.loader.js";

@ObjectType({
  simpleResolvers: true,
  description: "A setting in which a run differs from the one it was started from.",
})
export class SettingChange {
  @Field(() => String)
  field: string;

  @Field(() => JsonScalar, { nullable: true })
  before: unknown;

  @Field(() => JsonScalar, { nullable: true })
  after: unknown;
}

/** Runs that were started from each other. A link shows what it covers, not where it came from. */
@Resolver(() => Run)
export class RunTreeResolver {
  @FieldResolver(() => Run, { nullable: true })
  async parent(@Root() run: Run, @Ctx() context: Context): Promise<Run | null> {
    return run.parentId && !shareGrant(context.viewer) ? context.load(runById).load(run.parentId) : null;
  }

  @FieldResolver(() => [Run])
  async children(@Root() run: Run, @Ctx() context: Context): Promise<Run[]> {
    return shareGrant(context.viewer) ? [] : context.load(childrenOfRun).load(run);
  }

  @FieldResolver(() => [SettingChange], { description: "Against the parent; empty without one." })
  async changes(@Root() run: Run, @Ctx() context: Context): Promise<SettingChange[]> {
    const parent = await this.parent(run, context);
    if (!parent) return [];
    return configDifferences([withSettings(parent), withSettings(run)]).map(({ field, values }) => ({
      field,
      before: values[0]!.value,
      after: values[1]!.value,
    }));
  }
}

/** With every default that a worker filled in, so that runs from before a setting existed differ only in what they do. */
function withSettings({ id, origin, config }: Run): Pick<Run, "id" | "origin" | "config"> {
  const isTrained = origin === "TRAINED_HERE";
  return { id, origin, config: isTrained ? { ...storedTrainingConfig(config as TrainingConfigInput) } : config };
}
