import { Arg, Ctx, Resolver, Root, Subscription } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { followChanges } from "../../live/change-feed.js";
import type { RunRef } from "../../live/notice.js";
import { loadProject } from "../project/project.loader.js";
import { Run } from "../run/run.entity.js";
import { GapAlert } from "./evaluation.type.js";
import { runGap } from "./run-gap.js";

type Alert = { run: RunRef; at: Date };

@Resolver()
export class GapAlertsResolver {
  @Allow("READ")
  @Subscription(() => GapAlert, {
    description: "The moment a run's generalization gap passes its project's threshold, or its verdict changes.",
    subscribe: async ({ args, context }: { args: { project: string }; context: Context }) => {
      const project = await loadProject(context, args.project);
      return followChanges<Alert>((onChange) =>
        context.events.onGapChanged(project.id, (run) => onChange(run.id, { run, at: new Date() })),
      );
    },
  })
  async gapAlerts(
    @Root() { run: { id }, at }: Alert,
    @Arg("project", () => String) _project: string,
    @Ctx() context: Context,
  ): Promise<GapAlert> {
    const run = await context.db.getRepository(Run).findOneByOrFail({ id });
    return { run, gap: (await runGap(context, run))!, at };
  }
}
