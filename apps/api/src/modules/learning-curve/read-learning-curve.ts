import {
  fitLearningCurve,
  isArchitectureId,
  type LearningCurveFit,
  largerNetwork,
  sayBiggerNetwork,
  sayMoreData,
  wilsonInterval,
} from "@residual/shared";
import type { Context } from "../../context.js";
import { standRuns } from "../comparison/stand-runs.js";
import { testPair } from "../comparison/test-pair.js";
import { datasetById } from "../dataset/dataset.loader.js";
import type { Run } from "../run/run.entity.js";
import { curveRuns, runOfNetwork } from "./curve-runs.js";
import type { LearningCurve, LearningCurveForecast, LearningCurvePoint } from "./learning-curve.type.js";
import { planLearningCurve } from "./plan-learning-curve.js";

/** Points of the drawn curve. */
const FORECAST_POINTS = 24;

const alignment = { selection: "BEST", metric: "val/accuracy" } as const;

/** The learning curve to which a run belongs; null for a run that was not trained here. */
export async function readLearningCurve(context: Context, run: Run): Promise<LearningCurve | null> {
  if (run.origin !== "TRAINED_HERE" || run.datasetId === null) return null;
  const runs = await curveRuns(context, run);
  const stands = await standRuns(context, runs, alignment);
  const byId = new Map(runs.map((one) => [one.id, one]));
  const points = stands.flatMap(({ run: { id, status, trainImages }, evaluation }): (LearningCurvePoint & Counts)[] => {
    const accuracy = evaluation && wilsonInterval(evaluation.val.correct, evaluation.val.examples);
    if (!accuracy || trainImages === null || status !== "FINISHED") return [];
    const { correct, examples } = evaluation.val;
    return [{ run: byId.get(id)!, images: trainImages, accuracy, correct, examples }];
  });
  points.sort((a, b) => a.images - b.images);
  const fit = fitLearningCurve(points);
  const dataset = await context.load(datasetById).load(run.datasetId);
  return {
    points,
    forecast: fit ? forecast(fit, points[0]!.images, 2 * points.at(-1)!.images) : [],
    exponent: fit?.exponent ?? null,
    moreData: sayMoreData(fit, points.at(-1)?.images ?? 0, new Set(points.map(({ images }) => images)).size),
    biggerNetwork: await biggerNetwork(context, run),
    plan: planLearningCurve(run, dataset, runs),
  };
}

type Counts = { correct: number; examples: number };

/** Evenly spaced on the logarithmic axis, on which the curve is drawn. */
function forecast(fit: LearningCurveFit, from: number, to: number): LearningCurveForecast[] {
  return Array.from({ length: FORECAST_POINTS }, (_, i) => {
    const images = from * (to / from) ** (i / (FORECAST_POINTS - 1));
    return { images, accuracy: fit.predict(images) };
  });
}

async function biggerNetwork(context: Context, run: Run): Promise<LearningCurve["biggerNetwork"]> {
  const architecture =
    run.architecture !== null && isArchitectureId(run.architecture) && largerNetwork(run.architecture);
  const larger = architecture && (await runOfNetwork(context, run, architecture));
  if (!larger || run.status !== "FINISHED") return null;
  const [own, other] = await standRuns(context, [run, larger], alignment);
  const test = testPair(other!, own!);
  return test && sayBiggerNetwork(larger.name, test);
}
