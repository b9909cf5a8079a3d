import { Arg, Ctx, ID, Mutation, Resolver } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { Run } from "../run/run.entity.js";
import { loadRun, runById } from "../run/run.loader.js";
import { MetricPairInput } from "./evaluation.type.js";
import { setGapPairs } from "./set-gap-pairs.js";

@Resolver()
export class GapPairsResolver {
  @Allow("LOG", "MANAGE")
  @Mutation(() => Run, {
    description: "Which series of a logged run make its gap. Without pairs they are found by their names again.",
  })
  async setGapPairs(
    @Arg("run", () => ID) id: string,
    @Arg("accuracy", () => MetricPairInput, { nullable: true }) accuracy: MetricPairInput | null,
    @Arg("loss", () => MetricPairInput, { nullable: true }) loss: MetricPairInput | null,
    @Ctx() context: Context,
  ): Promise<Run> {
    const pairs = accuracy || loss ? { accuracy: accuracy ?? null, loss: loss ?? null } : null;
    await setGapPairs(context, await loadRun(context, id), pairs);
    context.load(runById).clear(id);
    const run = await loadRun(context, id);
    context.events.runChanged(run, "UPDATED");
    return run;
  }
}
