import { type LabelEvidence, sureMistake } from "@residual/shared";
import type { Context } from "../../context.js";
import { datasetById } from "../dataset/dataset.loader.js";
import type { DuplicateGroup } from "../dataset/dataset-scan.js";
import { judgedSplit } from "../evaluation/judged-split.js";
import type { StoredEvaluation } from "../evaluation/read-evaluations.js";
import { toEvaluation } from "../evaluation/to-evaluation.js";
import type { Run } from "../run/run.entity.js";

/** What speaks against the labels of a run's dataset: copies in two classes, and mistakes of the last evaluation that it was sure of. */
export async function labelEvidence(
  context: Context,
  run: Run,
  last: StoredEvaluation | null,
): Promise<LabelEvidence | null> {
  const [dataset, judged] = await Promise.all([
    run.datasetId ? context.load(datasetById).load(run.datasetId) : null,
    last && judgedSplit(context, toEvaluation(run, last).val),
  ]);
  if (!dataset && !judged) return null;
  return {
    conflicts: dataset?.duplicates.filter(isInSeveralClasses).length ?? 0,
    sureMistakes: judged?.confidences?.filter((one, i) => one >= sureMistake && judged.correct[i] === 0).length ?? 0,
    scored: judged?.classes.length ?? 0,
  };
}

function isInSeveralClasses({ paths }: DuplicateGroup): boolean {
  return new Set(paths.map((path) => path.slice(0, path.indexOf("/")))).size > 1;
}
