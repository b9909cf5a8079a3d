import { confusionMatrix } from "@residual/shared";
import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { StepScalar } from "../../scalars/step.js";
import { datasetById } from "../dataset/dataset.loader.js";
import { checkMeasurer } from "../job/own-job.js";
import { Run } from "../run/run.entity.js";
import { loadRun } from "../run/run.loader.js";
import { findBestEvaluation } from "./best-evaluation.js";
import { evaluationsOfRun, predictionsOfEvaluation } from "./evaluation.loader.js";
import { Evaluation, GeneralizationGap, LogEvaluationInput } from "./evaluation.type.js";
import { logEvaluation } from "./log-evaluation.js";
import { runGap } from "./run-gap.js";
import { splitLabels } from "./split-labels.js";
import { toEvaluation } from "./to-evaluation.js";

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
    const best = await findBestEvaluation(context, run);
    return best && toEvaluation(run, best);
  }

  @FieldResolver(() => Evaluation, { nullable: true, description: "The evaluation at a step." })
  async evaluation(
    @Root() run: Run,
    @Ctx() context: Context,
    @Arg("step", () => StepScalar) step: number,
  ): Promise<Evaluation | null> {
    const found = (await context.load(evaluationsOfRun).load(run)).findLast((evaluation) => evaluation.step === step);
    return found ? toEvaluation(run, found) : null;
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
    await checkMeasurer(context, run, input.leaseGeneration);
    return toEvaluation(run, await logEvaluation(context, run, input));
  }

  /** confusion[true][predicted], where predictions were logged on the val split as the dataset has it. */
  @FieldResolver(() => [[Int]], { nullable: true })
  async confusion(@Root() evaluation: Evaluation, @Ctx() context: Context): Promise<number[][] | null> {
    const { run } = evaluation.source;
    const dataset = run.datasetId ? await context.load(datasetById).load(run.datasetId) : null;
    const labels = dataset && splitLabels(dataset, "val", evaluation.val.examples);
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
