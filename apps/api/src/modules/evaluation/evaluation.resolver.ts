import { accuracyGap, bestEvaluation, confusionMatrix, isSelectionMetric, lossGap } from "@residual/shared";
import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { datasetById } from "../dataset/dataset.loader.js";
import { experimentById } from "../experiment/experiment.loader.js";
import { checkWriter } from "../run/check-writer.js";
import { Run } from "../run/run.entity.js";
import { loadRun } from "../run/run.loader.js";
import { detailsOfEvaluation, evaluationsOfRun, predictionsOfEvaluation } from "./evaluation.loader.js";
import { Evaluation, GeneralizationGap, LogEvaluationInput } from "./evaluation.type.js";
import { logEvaluation } from "./log-evaluation.js";
import type { StoredEvaluation } from "./read-evaluations.js";
import { runGap } from "./run-gap.js";
import { toSplitScore } from "./split-score.js";
import { valLabels } from "./val-labels.js";

@Resolver(() => Run)
export class RunEvaluationResolver {
  @FieldResolver(() => [Evaluation])
  async evaluations(@Root() run: Run, @Ctx() context: Context): Promise<Evaluation[]> {
    return (await context.load(evaluationsOfRun).load(run)).map((evaluation) => toEvaluation(run, evaluation));
  }

  @FieldResolver(() => Evaluation, {
    nullable: true,
    description: "The evaluation at the best epoch by the experiment's selection metric.",
  })
  async bestEvaluation(@Root() run: Run, @Ctx() context: Context): Promise<Evaluation | null> {
    const [evaluations, experiment] = await Promise.all([
      context.load(evaluationsOfRun).load(run),
      context.load(experimentById).load(run.experimentId),
    ]);
    const metric = experiment?.selectionMetric ?? "";
    const best = bestEvaluation(evaluations, isSelectionMetric(metric) ? metric : "val/accuracy");
    return best && toEvaluation(run, best);
  }

  @FieldResolver(() => GeneralizationGap, { nullable: true })
  async generalizationGap(@Root() run: Run, @Ctx() context: Context): Promise<GeneralizationGap | null> {
    return runGap(context, run);
  }
}

@Resolver(() => Evaluation)
export class EvaluationResolver {
  @Allow("LOG", "WORK", "MANAGE")
  @Mutation(() => Evaluation)
  async logEvaluation(
    @Arg("input", () => LogEvaluationInput) input: LogEvaluationInput,
    @Ctx() context: Context,
  ): Promise<Evaluation> {
    const run = await loadRun(context, input.run);
    checkWriter(context.viewer, run, input.leaseGeneration);
    return toEvaluation(run, await logEvaluation(context, run, input));
  }

  /** confusion[true][predicted], where predictions were logged on the val split as the dataset has it. */
  @FieldResolver(() => [[Int]], { nullable: true })
  async confusion(@Root() evaluation: Evaluation, @Ctx() context: Context): Promise<number[][] | null> {
    const { run } = evaluation.source;
    const dataset = run.datasetId ? await context.load(datasetById).load(run.datasetId) : null;
    const labels = dataset && valLabels(dataset, evaluation.val.examples);
    if (!labels) return null;
    const predictions = await context.load(predictionsOfEvaluation).load(evaluation.source);
    const classes = dataset.classes.length;
    if (!predictions || predictions.classes.some((prediction) => prediction >= classes)) return null;
    return confusionMatrix(labels, predictions.classes, classes);
  }

  @FieldResolver(() => [String], { nullable: true })
  async classes(@Root() { source: { run } }: Evaluation, @Ctx() context: Context): Promise<string[] | null> {
    const dataset = run.datasetId ? await context.load(datasetById).load(run.datasetId) : null;
    return dataset === null ? null : dataset.classes.map(({ name }) => name);
  }
}

function toEvaluation(run: Run, stored: StoredEvaluation): Evaluation {
  const { epoch, step, createdAt, arrival, train, val } = stored;
  const source = { run, arrival };
  const details = (context: Context) => context.load(detailsOfEvaluation).load(source);
  return {
    epoch,
    step,
    createdAt,
    train: toSplitScore(
      train,
      async (context) => (await details(context)).train,
      async () => null,
    ),
    val: toSplitScore(
      val,
      async (context) => (await details(context)).val,
      (context) => context.load(predictionsOfEvaluation).load(source),
    ),
    // Stored splits are not empty (score-values.ts), so that there always is a gap.
    accuracyGap: accuracyGap(stored)!,
    lossGap: lossGap(stored),
    source,
  };
}
