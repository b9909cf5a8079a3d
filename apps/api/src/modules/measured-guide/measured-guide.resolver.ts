import { Arg, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { requireRead } from "../../allow.js";
import type { Context } from "../../context.js";
import { GuideNote, TrainingGuide } from "../architecture/training-guide.type.js";
import { loadProject } from "../project/project.loader.js";
import { accuracyNote } from "./accuracy-note.js";
import { measuredNotes } from "./measured-notes.js";
import { measuredRunsOf } from "./read-measured-runs.js";

@Resolver(() => TrainingGuide)
export class MeasuredGuideResolver {
  @FieldResolver(() => [GuideNote], {
    description: "What finished runs of a project measured of what the guide speaks of.",
  })
  async measured(
    @Root() guide: TrainingGuide,
    @Arg("project", () => String) slug: string,
    @Ctx() context: Context,
  ): Promise<GuideNote[]> {
    requireRead(context.viewer, "TrainingGuide.measured");
    const { distKey } = await loadProject(context, slug);
    const { id } = guide.architecture;
    const [runs, accuracy] = await Promise.all([
      context.load(measuredRunsOf).load(distKey),
      id === "resnet101" ? accuracyNote(context, distKey) : null,
    ]);
    return [...(accuracy ? [accuracy] : []), ...measuredNotes(id, runs)];
  }
}
