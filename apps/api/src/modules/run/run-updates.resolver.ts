import { Arg, Ctx, Field, ID, ObjectType, Resolver, Root, Subscription } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { graphqlEnum } from "../../graphql-enum.js";
import { followChanges } from "../../live/change-feed.js";
import type { RunChange, RunRef } from "../../live/notice.js";
import { loadExperiment } from "../experiment/experiment.loader.js";
import { loadProject } from "../project/project.loader.js";
import { Run } from "./run.entity.js";

const RunChangeEnum = graphqlEnum("RunChange", [
  "CREATED",
  "STATUS",
  "PROGRESS",
  "EVALUATION",
  "NOTICE",
  "UPDATED",
  "TRASHED",
]);

@ObjectType()
export class RunUpdate {
  @Field(() => Run)
  run: Run;

  @Field(() => RunChangeEnum)
  change: RunChange;
}

type Notice = { run: RunRef; change: RunChange };
type RunUpdateArgs = { project: string; experiment?: string | null };

@Resolver()
export class RunUpdatesResolver {
  @Allow("READ")
  @Subscription(() => RunUpdate, {
    subscribe: async ({ args, context }: { args: RunUpdateArgs; context: Context }) => {
      const project = await loadProject(context, args.project);
      const experiment = args.experiment ? await loadExperiment(context, args.experiment) : null;
      return followChanges<Notice>((onChange) =>
        context.events.onRunChanged(project.id, (notice) => {
          if (!experiment || notice.run.experimentId === experiment.id)
            onChange(`${notice.run.id} ${notice.change}`, notice);
        }),
      );
    },
  })
  async runUpdates(
    @Root() { run, change }: Notice,
    @Arg("project", () => String) _project: string,
    @Arg("experiment", () => ID, { nullable: true }) _experiment: string | null,
    @Ctx() { db }: Context,
  ): Promise<RunUpdate> {
    // Read when it is delivered: however long the notice waited, the subscriber sees the run as it is.
    return { run: await db.getRepository(Run).findOneByOrFail({ id: run.id }), change };
  }
}
