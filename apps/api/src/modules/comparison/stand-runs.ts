import {
  type Alignment,
  alignRuns,
  type ComparedRun,
  correctness,
  type Evaluation,
  type GapMeasure,
  type SpentEvaluation,
  type StandingRun,
  unpackCorrect,
} from "@residual/shared";
import type { Context } from "../../context.js";
import type { Dataset } from "../dataset/dataset.entity.js";
import { datasetById } from "../dataset/dataset.loader.js";
import { evaluationsOfRun, predictionsOfEvaluation, seriesEvaluationsOfRun } from "../evaluation/evaluation.loader.js";
import type { GeneralizationGap } from "../evaluation/evaluation.type.js";
import type { SeriesEvaluations } from "../evaluation/evaluations-from-series.js";
import type { StoredEvaluation } from "../evaluation/read-evaluations.js";
import { runGap } from "../evaluation/run-gap.js";
import { splitLabels } from "../evaluation/split-labels.js";
import type { Run } from "../run/run.entity.js";
import { describeRun } from "./describe-run.js";

/** `uncounted`: the evaluation that stands for a run of which it is not known how many images are behind its accuracies, and what it measures. */
export type Stand = StandingRun & {
  gap: GeneralizationGap | null;
  uncounted: (Evaluation & { measure: GapMeasure }) | null;
  /** Whether a loss was logged at all: without one, the losses of its evaluations are NaN. */
  hasLoss: boolean;
};

type Candidate = SpentEvaluation & { stored: StoredEvaluation | null };

/** Each run with the evaluation that stands for it, and what it got right there, image by image. */
export async function standRuns(context: Context, runs: Run[], alignment: Alignment): Promise<Stand[]> {
  const read = await Promise.all(runs.map((run) => readCandidates(context, run)));
  const aligned = alignRuns(
    read.map((one) => ({ run: one, evaluations: one.candidates })),
    alignment,
  );
  return Promise.all(
    aligned.map(async ({ run: { run, described, dataset, series }, evaluation }) => {
      const counted = evaluation && (evaluation.stored || series?.counted) ? evaluation : null;
      return {
        run: described,
        evaluation: counted && { ...counted, valImagesHash: counted.stored?.valImagesHash ?? null },
        valCorrect: evaluation?.stored ? await correctOnVal(context, run, dataset, evaluation.stored) : null,
        gap: await runGap(context, run),
        hasLoss: !series || series.pairs.loss !== null,
        uncounted: counted || !evaluation ? null : { ...evaluation, measure: series?.measure ?? "ACCURACY" },
      };
    }),
  );
}

/** What a run may be judged by: its evaluations, or what its series tell, each with what had been spent by then. */
async function readCandidates(context: Context, run: Run) {
  const stored = await context.load(evaluationsOfRun).load(run);
  const series = stored.length === 0 ? await context.load(seriesEvaluationsOfRun).load(run) : undefined;
  const dataset = run.datasetId ? await context.load(datasetById).load(run.datasetId) : null;
  const evaluations: (Evaluation & Partial<Pick<StoredEvaluation, "createdAt">>)[] =
    stored.length > 0 ? stored : series ? withKnownLosses(series) : [];
  const described = await describeRun(context, run, dataset, evaluations.at(-1)?.epoch ?? null);
  const candidates = evaluations.map((evaluation, i): Candidate => {
    return { ...evaluation, stored: stored[i] ?? null, spent: spentBy(evaluation, run, described) };
  });
  return { run, described, dataset, series, candidates };
}

/** What was not logged is not the smallest loss of all. */
function withKnownLosses({ evaluations, pairs }: SeriesEvaluations): Evaluation[] {
  if (pairs.loss) return evaluations;
  const meanLoss = Number.NaN;
  return evaluations.map((one) => ({ ...one, train: { ...one.train, meanLoss }, val: { ...one.val, meanLoss } }));
}

/** A step is a forward pass and about twice as much again for the backward pass. */
const passesOfStep = 3;

function spentBy(
  { step, epoch, createdAt }: Evaluation & Partial<Pick<StoredEvaluation, "createdAt">>,
  { startedAt }: Run,
  { trainImages, cost }: ComparedRun,
): Candidate["spent"] {
  const images = trainImages === null ? null : epoch * trainImages;
  return {
    STEPS: step,
    IMAGES: images,
    SECONDS: createdAt && startedAt ? (createdAt.getTime() - startedAt.getTime()) / 1_000 : null,
    MACS: images === null || cost.macs === null ? null : passesOfStep * images * cost.macs,
  };
}

async function correctOnVal(
  context: Context,
  run: Run,
  dataset: Dataset | null,
  { arrival, val }: StoredEvaluation,
): Promise<Uint8Array | null> {
  const labels = dataset && splitLabels(dataset, "val", val.examples);
  const predictions = await context.load(predictionsOfEvaluation).load({ run, arrival });
  // Packed ones say themselves which are right: of a run that was trained elsewhere, too.
  if (predictions?.packed) return unpackCorrect(predictions.packed);
  const correct = labels && predictions && correctness(predictions.classes, labels);
  // Images were added and others went since: as many as before, but not the same labels.
  return correct && correct.reduce((sum, one) => sum + one, 0) === val.correct ? correct : null;
}
