import { alignRuns, correctness, type Evaluation, type SelectionMetric, type StandingRun } from "@residual/shared";
import type { Context } from "../../context.js";
import type { Dataset } from "../dataset/dataset.entity.js";
import { datasetById } from "../dataset/dataset.loader.js";
import { evaluationsOfRun, predictionsOfEvaluation, seriesEvaluationsOfRun } from "../evaluation/evaluation.loader.js";
import type { GeneralizationGap } from "../evaluation/evaluation.type.js";
import type { StoredEvaluation } from "../evaluation/read-evaluations.js";
import { runGap } from "../evaluation/run-gap.js";
import { valLabels } from "../evaluation/val-labels.js";
import type { Run } from "../run/run.entity.js";
import type { Selection } from "./comparison.type.js";
import { describeRun } from "./describe-run.js";

/** `uncounted`: the evaluation that stands for a run of which it is not known how many images are behind its accuracies. */
export type Stand = StandingRun & { gap: GeneralizationGap | null; uncounted: Evaluation | null };

type Candidate = Evaluation & { stored: StoredEvaluation | null };

/** Each run with the evaluation that stands for it, and what it got right there, image by image. */
export async function standRuns(
  context: Context,
  runs: Run[],
  selection: Selection,
  metric: SelectionMetric,
): Promise<Stand[]> {
  return Promise.all(
    runs.map(async (run) => {
      const stored = await context.load(evaluationsOfRun).load(run);
      const series = stored.length === 0 ? await context.load(seriesEvaluationsOfRun).load(run) : undefined;
      const candidates: Candidate[] =
        stored.length > 0
          ? stored.map((evaluation) => ({ ...evaluation, stored: evaluation }))
          : (series?.evaluations ?? []).map((evaluation) => ({ ...evaluation, stored: null }));
      const [aligned] = alignRuns([{ run, evaluations: candidates }], { selection, metric });
      const evaluation = aligned!.evaluation;
      const dataset = run.datasetId ? await context.load(datasetById).load(run.datasetId) : null;
      const counted = evaluation && (evaluation.stored || series?.counted) ? evaluation : null;
      return {
        run: await describeRun(context, run, dataset, candidates.at(-1)?.epoch ?? null),
        evaluation: counted && { ...counted, valImagesHash: counted.stored?.valImagesHash ?? null },
        valCorrect: evaluation?.stored ? await correctOnVal(context, run, dataset, evaluation.stored) : null,
        gap: runGap(stored, series),
        uncounted: counted ? null : evaluation,
      };
    }),
  );
}

async function correctOnVal(
  context: Context,
  run: Run,
  dataset: Dataset | null,
  { arrival, val }: StoredEvaluation,
): Promise<Uint8Array | null> {
  const labels = dataset && valLabels(dataset, val.examples);
  if (!labels) return null;
  const predictions = await context.load(predictionsOfEvaluation).load({ run, arrival });
  const correct = predictions && correctness(predictions, labels);
  // Images were added and others went since: as many as before, but not the same labels.
  return correct && correct.reduce((sum, one) => sum + one, 0) === val.correct ? correct : null;
}
