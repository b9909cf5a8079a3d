import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.js";
import { Run } from "../run/run.entity.js";
import { curvesOfRun } from "./curves.loader.js";
import { RunCurves, SeriesScore } from "./curves.type.js";
import { evaluationsOfRun } from "./evaluation.loader.js";
import { seriesScore } from "./series-score.js";

@Resolver(() => Run)
export class CurvesResolver {
  @FieldResolver(() => RunCurves)
  curves(@Root() run: Run, @Ctx() context: Context): Promise<RunCurves> {
    return context.load(curvesOfRun).load(run);
  }

  @FieldResolver(() => SeriesScore, { nullable: true, description: "Null for a run that logged evaluations." })
  async seriesScore(@Root() run: Run, @Ctx() context: Context): Promise<SeriesScore | null> {
    const evaluations = await context.load(evaluationsOfRun).load(run);
    return evaluations.length > 0 ? null : seriesScore(context, run);
  }
}
