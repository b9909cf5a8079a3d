import { advise } from "@residual/shared";
import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from "type-graphql";
import { Allow, requireRead } from "../../allow.js";
import type { Context } from "../../context.js";
import { shareGrant } from "../../viewer.js";
import { Project } from "../project/project.entity.js";
import { Run } from "../run/run.entity.js";
import { loadRun } from "../run/run.loader.js";
import { Advice, AdviceScore, AppliedAdvice } from "./advice.type.js";
import { adviceScores, appliedAdviceOf, startedByAdvice } from "./applied-advice.js";
import { applyAdvice } from "./apply-advice.js";
import { gatherEvidence } from "./gather-evidence.js";

/** Advice draws on other runs of the experiment: not for who only has a link. */
@Resolver(() => Run)
export class RunAdviceResolver {
  @FieldResolver(() => [Advice], {
    description: "What this run's own record says should be tried next, the gravest first.",
  })
  async advice(@Root() run: Run, @Ctx() context: Context): Promise<Advice[]> {
    if (shareGrant(context.viewer)) return [];
    const [found, started] = await Promise.all([
      gatherEvidence(context, run).then(advise),
      startedByAdvice(context, run),
    ]);
    return Promise.all(
      found.map(async (advice) => ({
        ...advice,
        actions: await Promise.all(
          advice.actions.map(async (action) => {
            const id = `${advice.rule}.${action.id}`;
            const startedRun = started.get(id);
            return { ...action, id, appliedAs: startedRun ? await loadRun(context, startedRun) : null };
          }),
        ),
      })),
    );
  }

  @FieldResolver(() => AppliedAdvice, { nullable: true })
  async appliedAdvice(@Root() run: Run, @Ctx() context: Context): Promise<AppliedAdvice | null> {
    return shareGrant(context.viewer) ? null : appliedAdviceOf(context, run);
  }

  @Allow("MANAGE")
  @Mutation(() => Run, {
    description:
      "Starts a run with the advised settings; dataset, split and seed stay, so that the two can be compared image by image.",
  })
  async applyAdvice(
    @Arg("run", () => ID) runId: string,
    @Arg("advice", () => ID) advice: string,
    @Ctx() context: Context,
  ): Promise<Run> {
    const id = await applyAdvice(context, await loadRun(context, runId), advice);
    const run = await loadRun(context, id);
    context.events.runChanged(run, "CREATED");
    return run;
  }
}

@Resolver(() => Project)
export class ProjectAdviceResolver {
  @FieldResolver(() => [AdviceScore], {
    description: "How often each advice was applied in this project, and whether it helped by the paired test.",
  })
  adviceScores(@Root() project: Project, @Ctx() context: Context): Promise<AdviceScore[]> {
    requireRead(context.viewer, "Project.adviceScores");
    return adviceScores(context, project.id);
  }
}
